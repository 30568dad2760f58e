// A pcheck that fails below systemd: killed by the watchdog or by hand it comes back, given up it does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../harness/until.ts';
import { whyNoMachine } from '../machines/machine.ts';
import { bootHost, type Host, SHOP, SHOP_PFILE, UNIT } from './host.ts';

const options = { skip: whyNoMachine(), timeout: 300_000 };

async function restartedOnce(host: Host): Promise<string> {
  const { pid = '' } = host.pent();
  host.shell(`kill -KILL ${pid}`);
  const next = await host.shopAfter(pid);
  assert.equal(host.pent()['retry_count'], '1');
  return next;
}

/** Waits for another pcheck below the unit, which has looked at its entries. */
async function another(host: Host, main: string): Promise<void> {
  await host.shows('MainPID', new RegExp(`^(?!0$|${main}$)`));
  await host.shows('ActiveState', 'active');
}

test(
  'a pcheck that is stopped is killed by the watchdog, started again, and goes on with its counters',
  options,
  async (t) => {
    // Long enough for a busy machine.
    const host = await bootHost(t, { dropIn: '[Service]\nWatchdogSec=10\n' });
    assert.equal(host.show('WatchdogUSec'), '10s');
    const pid = await restartedOnce(host);
    const main = host.show('MainPID');
    host.shell(`kill -STOP ${main}`);
    await another(host, main);
    assert.match(host.shell(`journalctl --unit=${UNIT}`), /Watchdog timeout/);
    const shown = host.pent();
    assert.deepEqual(
      [shown['pid'], shown['retry_count'], shown['restart_count'], shown['proc_sts']],
      [pid, '1', '1', 'AVAIL'],
    );
  },
);

test('a pcheck that was killed comes back, and goes on with its counters', options, async (t) => {
  const host = await bootHost(t);
  const pid = await restartedOnce(host);
  const main = host.show('MainPID');
  host.shell(`kill -KILL ${main}`);
  await another(host, main);
  assert.equal(host.show('NRestarts'), '1');
  assert.deepEqual([host.pent()['pid'], host.pent()['retry_count']], [pid, '1']);
});

test(
  'with the drop-in for clusters a pcheck that was killed stays away, its unit has failed, and the services live',
  options,
  async (t) => {
    const host = await bootHost(t);
    host.shell(
      `install -D -m 644 /opt/psaver/examples/systemd/cluster.conf /etc/systemd/system/pcheck@.service.d/cluster.conf
     systemctl daemon-reload`,
    );
    assert.equal(host.show('Restart'), 'no');
    assert.equal(host.show('RestartForceExitStatus'), '');
    const { pid } = host.pent();
    host.shell(`kill -KILL ${host.show('MainPID')}`);
    await host.shows('ActiveState', 'failed');
    assert.equal(host.show('Result'), 'signal');
    host.shell(`kill -0 ${pid}`);
  },
);

test(
  'when the retries are used up the unit has failed with status 1, and the OnFailure= unit tells of it',
  options,
  async (t) => {
    const host = await bootHost(t, { pfile: SHOP_PFILE.replace(':3:exit', ':1:exit') });
    host.shell(
      `cd /opt/psaver/examples/systemd
     install -m 644 pcheck-failed@.service /etc/systemd/system/
     install -D -m 644 on-failure.conf /etc/systemd/system/pcheck@.service.d/on-failure.conf
     systemctl daemon-reload`,
    );
    const main = host.show('MainPID');
    host.shell(`kill -KILL ${await restartedOnce(host)}`);
    await host.shows('ActiveState', 'failed');
    assert.equal(host.show('Result'), 'exit-code');
    assert.equal(host.show('ExecMainStatus'), '1');
    assert.equal(host.show('ExecMainPID'), main, 'it was not started again');
    assert.equal(host.show('NRestarts'), '0');
    const last = host.journal().slice(-2);
    assert.deepEqual(
      last.map(({ level, text }) => `${level} ${text}`),
      [`3 (${SHOP}) RETRY_OVER:EXIT`, `2 (${SHOP}) FATAL`],
    );
    await host.shows('Result', 'success', 'pcheck-failed@shop');
    const told = () => host.shell('journalctl --identifier=pcheck-failed --output=cat');
    await until('the failure is told', () => told() !== '');
    assert.equal(told(), 'pcheck@shop has failed: exit-code, status 1\n');
  },
);

test(
  'a pfile that is bad at the start makes the start fail at once, and says why in the journal',
  options,
  async (t) => {
    const host = await bootHost(t, { isStarted: false, pfile: SHOP_PFILE.replace('IPCKEY', 'IPCKEI') });
    assert.notEqual(host.run(['systemctl', 'start', UNIT]).status, 0);
    assert.equal(host.show('ExecMainStatus'), '65');
    assert.equal(host.show('ActiveState'), 'failed');
    await host.logged(/:1:1: error: .*IPCKEI/);
  },
);
