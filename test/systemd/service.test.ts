// The services below a pcheck that systemd runs: they are restarted, and outlive it in whatever way it ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoMachine } from '../machines/machine.ts';
import { bootHost, type Host, PFILE, UNIT } from './host.ts';
import { limitMemory, whyNoMemoryLimit } from './memory.ts';

const options = { skip: whyNoMachine(), timeout: 300_000 };

/** Kills the service; gives the pid of the next one, which is in pcheck's own control group. */
async function restartedByPcheck(host: Host): Promise<string> {
  const { pid = '' } = host.pent();
  host.shell(`kill -KILL ${pid}`);
  const next = await host.shopAfter(pid);
  assert.match(host.shell(`cat /proc/${next}/cgroup`), new RegExp(`/${UNIT}\\.service$`, 'm'));
  return next;
}

test(
  'a killed service is restarted, and lives on when pcheck is restarted, stopped and started',
  options,
  async (t) => {
    const host = await bootHost(t);
    const pid = await restartedByPcheck(host);
    const first = host.show('MainPID');
    host.shell(`systemctl restart ${UNIT}`);
    assert.notEqual(host.show('MainPID'), first);
    assert.equal(host.pent()['pid'], pid, 'the same process is watched');
    assert.equal(host.pent()['retry_count'], '0', 'after an ordinary end the retries are all there');
    host.shell(`systemctl stop ${UNIT}`);
    assert.equal(host.show('Result'), 'success');
    assert.equal(host.show('ActiveState'), 'inactive');
    host.shell(`kill -0 ${pid}`);
    host.shell(`systemctl start ${UNIT}`);
    assert.equal(host.pent()['pid'], pid);
  },
);

test(
  'a service that a script has started is given nothing of the unit but what is harmless',
  options,
  async (t) => {
    const host = await bootHost(t);
    const pid = await restartedByPcheck(host);
    const inherited = host.shell('cat /run/shop.inherited');
    assert.match(inherited, /^HOME=\/root$/m);
    assert.match(inherited, /^PSAVER_NAME=/m);
    assert.doesNotMatch(inherited, /^(NOTIFY_SOCKET|WATCHDOG_\w+|INVOCATION_ID|JOURNAL_STREAM|NODE_\w+)=/m);
    // Not even SIGPIPE, which systemd's own services ignore.
    assert.match(inherited, /^SigIgn:\t0{16}$/m);
    assert.match(inherited, /^NoNewPrivs:\t0$/m);
    assert.equal(host.shell(`readlink /proc/${pid}/ns/mnt`), host.shell('readlink /proc/1/ns/mnt'));
    const limits = ['TasksMax', 'MemoryMax', 'MemoryHigh', 'CPUQuotaPerSecUSec'].map((name) =>
      host.show(name),
    );
    assert.deepEqual(limits, Array(4).fill('infinity'));
  },
);

// Of a kill in a control group that it limits itself systemd hears, and acts by OOMPolicy. Where it does not limit memory
// (no memory controller in cgroup2), the kernel's kill is as real, but only the policy in force tells what it would do.
test('a service that the OOM killer ends is restarted, and pcheck goes on', {
  ...options,
  skip: options.skip || (whyNoMemoryLimit() ?? false),
}, async (t) => {
  const host = await bootHost(t);
  assert.equal(host.show('OOMPolicy'), 'continue');
  const pid = await restartedByPcheck(host);
  const main = host.show('MainPID');
  const memory = limitMemory(t, host, pid);
  host.shell(`kill -USR1 ${pid}`);
  const next = await host.shopAfter(pid);
  assert.notEqual(next, pid);
  assert.equal(memory.kills(), 1, 'it was the kernel that killed it');
  assert.equal(host.show('MainPID'), main);
  assert.equal(host.show('ActiveState'), 'active');
  assert.equal(host.pent()['retry_count'], '2');
});

test(
  'a journal that hangs, and its socket full, holds up neither start, restarts nor the end of pcheck',
  options,
  async (t) => {
    const fill = 'timeout 3 head -c 30000000 /dev/zero >&2';
    const start = `/bin/sh -c '${fill}; exec /usr/local/sbin/pcheck --no-syslog -f ${PFILE}'`;
    const host = await bootHost(t, {
      isStarted: false,
      dropIn: `[Service]\nExecStart=\nExecStart=${start}\n`,
    });
    const journald = host.show('MainPID', 'systemd-journald');
    host.shell(`kill -STOP ${journald}; systemctl start ${UNIT}`);
    let { pid = '' } = host.pent();
    for (let times = 0; times < 3; times++) {
      host.shell(`kill -KILL ${pid}`);
      pid = await host.shopAfter(pid);
    }
    host.shell(`kill -CONT ${journald}`);
    await host.logged(/Up$/, 4);
    host.shell(`kill -STOP ${journald}; systemctl stop ${UNIT}; kill -0 ${pid}`);
    assert.equal(host.show('Result'), 'success');
  },
);
