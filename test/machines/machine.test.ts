// What other tests rely on when they boot a machine.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { bootMachine, whyNoMachine } from './machine.ts';

test('a machine has systemd as PID 1, its own name, files, processes and network, and is gone when it is off', {
  skip: whyNoMachine(),
}, async (t) => {
  const path = `/opt/psaver-test-${process.pid}/file`;
  const machine = await bootMachine(t, 'first', { shown: { 'package.json': '/opt/shown' } });
  machine.write(path, 'written there\n', '600');
  assert.equal(machine.shell(`cat ${path}; stat -c %a ${path}`), 'written there\n600\n');
  assert.equal(existsSync(path), false, 'what is written there is not written here');
  assert.match(machine.shell('cat /opt/shown'), /"name": "psaver"/);
  assert.equal(machine.shell('cat /proc/1/comm; uname -n'), 'systemd\nfirst\n');
  assert.match(machine.shell('ls /proc'), /^1$/m);
  assert.doesNotMatch(machine.shell('ls /proc'), new RegExp(`^${process.pid}$`, 'm'));
  assert.equal(machine.shell('cat /proc/net/dev | grep -c :'), '1\n', 'lo alone');
  assert.notEqual(machine.run(['sh', '-c', 'echo 1 >/proc/sys/kernel/panic']).status, 0);
  await machine.powerOff();
  assert.equal(existsSync(`/proc/${machine.pid}`), false);
  assert.throws(() => machine.shell('true'), /first is off/);
});

test('two machines run side by side, and one that crashes takes its processes along', {
  skip: whyNoMachine(),
}, async (t) => {
  const [first, second] = await Promise.all([bootMachine(t, 'first'), bootMachine(t, 'second')]);
  first.shell('systemd-run --unit=sleeper sleep 86400');
  const sleeper = first.shell('cat /sys/fs/cgroup/system.slice/sleeper.service/cgroup.procs').trim();
  assert.notEqual(sleeper, '');
  await first.crash();
  assert.equal(existsSync(`/proc/${first.pid}`), false);
  assert.equal(second.shell('uname -n'), 'second\n');
});
