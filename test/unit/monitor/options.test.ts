// The options of entries in virtual time, where the process table decides.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PENT } from '../entry/story.ts';
import { createWorld, PFILE, starting } from './world.ts';

const CHECK = {
  command: { path: '/check', arguments: [] },
  intervalSeconds: 60,
  timeoutSeconds: 30,
  fails: 2,
};

test('forks of a dead process do not pass for it, another instance does', () => {
  const world = createWorld([{ name: 'nginx' }]);
  const { proc } = world.system;
  const master = proc.start({ argv: ['nginx'] });
  world.passes(30);
  const worker = proc.start({
    argv: ['nginx'],
    ppid: master.pid,
    session: master.session,
    startStack: master.startStack,
  });
  world.passes(10);
  proc.end(master.pid);
  worker.ppid = 1;
  world.passes(10);
  assert.ok(world.log.some((line) => line.startsWith('(nginx) 1 workers of the dead process are left')));
  assert.equal(world.system.started.length, 1);
  assert.equal(world.monitor.reports()[0]?.pid, 0);
  const other = proc.start({ argv: ['nginx'] });
  world.passes(10);
  assert.equal(world.monitor.reports()[0]?.pid, other.pid);
});

test('the workers of a dead process are known as such also after many stalls of those that came after it', () => {
  const check = { ...CHECK, intervalSeconds: 1, fails: 1 };
  const world = createWorld([{ name: 'nginx', restartDelaySeconds: 5, startWaitSeconds: 1, check }]);
  const { proc } = world.system;
  world.system.onScript = (script) =>
    world.system.clock.after(10, () => script.end({ kind: 'exited', status: 1 }));
  const master = proc.start({ argv: ['nginx'] });
  const { session, startStack } = master;
  world.passes(10);
  const worker = proc.start({ argv: ['nginx'], ppid: master.pid, session, startStack });
  const others = [proc.start({ argv: ['nginx'] }), proc.start({ argv: ['nginx'] })];
  proc.end(master.pid);
  // Each fails its first check, and the other one is taken on: more often than dead ones are remembered.
  world.passes(200);
  assert.ok(world.log.filter((line) => line.endsWith('Up')).length > 20, world.log.join('\n'));
  for (const { pid } of others) proc.end(pid);
  world.passes(20);
  assert.equal(world.monitor.reports()[0]?.pid, 0);
  assert.ok(!world.log.includes(`(nginx ,pid=${worker.pid}) Up`));
});

test('the fork of a process younger than start_wait is the daemon that it became', () => {
  const world = createWorld([{ name: 'nginx', startWaitSeconds: 20 }]);
  const { proc } = world.system;
  const parent = proc.start({ argv: ['nginx'] });
  world.passes(5);
  const child = proc.start({
    argv: ['nginx'],
    ppid: parent.pid,
    session: parent.session,
    startStack: parent.startStack,
  });
  proc.end(parent.pid);
  world.passes(10);
  assert.equal(world.system.started.length, 0);
  assert.equal(world.monitor.reports()[0]?.pid, child.pid);
});

test('a death that is seen late counts as that of an old process', () => {
  const world = createWorld([{ name: 'nginx', startWaitSeconds: 9 }]);
  const { proc } = world.system;
  const parent = proc.start({ argv: ['nginx'] });
  world.passes(5);
  const { pid, session, startStack } = parent;
  proc.start({ argv: ['nginx'], ppid: pid, session, startStack });
  proc.end(pid);
  world.passes(10);
  assert.equal(world.system.started.length, 1);
});

test('a program that a dead process started by exec may take its place', () => {
  const world = createWorld([{ name: 'nginx' }]);
  const { proc } = world.system;
  const first = proc.start({ argv: ['nginx'] });
  world.passes(30);
  const second = proc.start({ argv: ['nginx'], ppid: first.pid, session: first.session });
  proc.end(first.pid);
  world.passes(10);
  assert.equal(world.monitor.reports()[0]?.pid, second.pid);
});

test('a fork of the dead process that the pidfile names is its successor', () => {
  const world = createWorld([{ name: 'nginx', pidfile: '/run/nginx.pid' }]);
  const { proc } = world.system;
  const master = proc.start({ argv: ['nginx'] });
  world.system.disk.set('/run/nginx.pid', `${master.pid}\n`);
  world.passes(30);
  const { session, startStack } = master;
  const worker = proc.start({ argv: ['nginx'], ppid: master.pid, session, startStack });
  world.system.disk.set('/run/nginx.pid', `${worker.pid}\n`);
  proc.end(master.pid);
  world.passes(10);
  assert.equal(world.system.started.length, 0);
  assert.equal(world.monitor.reports()[0]?.pid, worker.pid);
});

test('the pidfile decides which of several matches is meant, and moves the watch', () => {
  const world = createWorld([{ name: 'java', pidfile: '/run/java.pid', startWaitSeconds: 5 }]);
  const { proc } = world.system;
  const [first, second] = [proc.start({ argv: ['java'] }), proc.start({ argv: ['java'] })];
  world.passes(1);
  assert.equal(world.monitor.reports()[0]?.pid, 0, 'no pidfile yet');
  world.system.disk.set('/run/java.pid', `${second.pid}\n`);
  world.passes(1);
  assert.equal(world.monitor.reports()[0]?.pid, second.pid);
  world.system.disk.set('/run/java.pid', `${first.pid}\n`);
  world.passes(10);
  assert.equal(world.monitor.reports()[0]?.pid, first.pid);
  world.system.disk.set('/run/java.pid', 'rubbish');
  world.passes(20);
  assert.equal(world.monitor.reports()[0]?.pid, first.pid);
});

test('exclude_strings, user, exe and containers narrow what matches', () => {
  const world = createWorld([
    { name: 'java', excludeStrings: ['stop'] },
    { name: 'java', uid: 33 },
    { name: 'java', exe: '/opt/java' },
    { name: 'java', containers: 'include' },
  ]);
  const { proc } = world.system;
  const inside = proc.start({ argv: ['java', 'stop'], namespacesBelow: 1 });
  const stopping = proc.start({ argv: ['java', 'stop'], exe: '/opt/java' });
  const plain = proc.start({ argv: ['java'], uid: 33 });
  world.passes(0.1);
  assert.deepEqual(
    world.monitor.reports().map(({ pid }) => pid),
    [plain.pid, plain.pid, stopping.pid, inside.pid],
  );
});

test('a process that stalls is restarted, and does not pass for its own successor', () => {
  const world = createWorld([{ name: 'java', check: CHECK, retry: 1, action: 'continue' }], {
    prepare: (system) => void system.proc.start({ argv: ['java'] }, 500),
  });
  world.system.onScript = (script) => {
    world.system.clock.after(1000, () =>
      script.end({ kind: 'exited', status: script.command.path === '/check' ? 1 : 0 }),
    );
  };
  world.passes(123);
  const scripts = world.system.started.map(
    ({ command }) => `${command.path} ${command.environment['PSAVER_REASON']}`,
  );
  assert.equal(scripts.at(-1), '/start.sh stall');
  assert.ok(world.log.includes('Process [java ,pid=500] Down'));
  world.passes(60);
  assert.equal(
    world.monitor.reports()[0]?.status,
    'UNAVAIL',
    'the stalled process is still there, and does not count',
  );
  world.system.proc.start({ argv: ['java'] }, 501);
  world.passes(10);
  assert.equal(world.monitor.reports()[0]?.pid, 501);
});

test('the forks of a process that stalled and was taken on again are of the service', () => {
  const check = { ...CHECK, intervalSeconds: 1, fails: 1 };
  const pent = {
    name: 'java',
    restartDelaySeconds: 0.2,
    restartIntervalSeconds: 0,
    startWaitSeconds: 1,
    check,
  };
  const world = createWorld([{ ...pent, minProcCount: 2 }], {
    prepare(system) {
      system.proc.start({ argv: ['java'] }, 500);
      system.proc.start({ argv: ['java'] }, 501);
      system.proc.start({ argv: ['java'] }, 502);
    },
  });
  let failures = 2;
  world.system.onScript = (script) =>
    script.end({ kind: 'exited', status: script.command.path === '/check' && failures-- <= 0 ? 0 : 1 });
  world.passes(10);
  assert.equal(
    world.monitor.reports()[0]?.pid,
    500,
    'both stalled in turn, and the first was taken on again',
  );
  const first = world.system.proc.get(500);
  assert.ok(first !== undefined);
  const { session, startStack } = first;
  world.system.proc.start({ argv: ['java'], ppid: 500, session, startStack }, 600);
  for (const pid of [501, 502]) world.system.proc.end(pid);
  world.passes(30);
  const [report] = world.monitor.reports();
  assert.deepEqual([report?.status, report?.restartCount], ['AVAIL', 0], world.log.join('\n'));
});

test('a check that hangs is killed after check_timeout and has failed', () => {
  const world = createWorld([{ name: 'java', check: { ...CHECK, fails: 1 } }], {
    prepare: (system) => void system.proc.start({ argv: ['java'] }),
  });
  world.passes(91);
  const [check] = world.system.started;
  assert.deepEqual(world.system.signals[0], { pid: -(check?.process.pid ?? 0), signal: 'SIGKILL' });
  assert.ok(world.log.includes('(java) check 1 of 1 failed: check_cmd was killed after 30 s'));
});

test('a check that no signal ends makes the next one fail, and no second one is run beside it', () => {
  const world = createWorld([{ name: 'java', check: CHECK }], {
    prepare: (system) => void system.proc.start({ argv: ['java'] }),
  });
  world.passes(149);
  assert.equal(world.system.started.length, 1);
  world.passes(2);
  const checks = world.system.started.filter(({ command }) => command.path === '/check');
  assert.equal(checks.length, 1);
  const text = 'check 2 of 2 failed: check_cmd has not ended yet, though it was killed';
  assert.ok(world.log.includes(`(java) ${text}`));
});

test('close ends a check in progress as it ends scripts', () => {
  const world = createWorld([{ name: 'java', check: CHECK }], {
    prepare: (system) => void system.proc.start({ argv: ['java'] }),
  });
  world.passes(61);
  const [check] = world.system.started;
  world.monitor.close(() => undefined);
  assert.deepEqual(world.system.signals, [{ pid: -(check?.process.pid ?? 0), signal: 'SIGTERM' }]);
});

test('SHUTDOWN_COMMAND has thirty seconds, after retry_over_cmd, then the end follows in any case', () => {
  const retryOverCommand = { path: '/bye', arguments: [] };
  const pent = { name: 'java', retry: 0, action: 'shutdown', retryOverCommand } as const;
  const world = createWorld([pent], {
    prepare: (system) => void system.proc.start({ argv: ['java'] }, 500),
  });
  const shutdownCommand = { path: '/sbin/poweroff', arguments: ['-f'] };
  const parameters = { ...PFILE.parameters, shutdownCommand };
  world.monitor.reload({ ...PFILE, parameters, pents: [{ ...PENT, ...pent }] });
  world.system.proc.end(500);
  world.passes(10);
  assert.deepEqual(world.ends, [1]);
  let isDone = false;
  world.monitor.close(() => {
    isDone = true;
  });
  world.passes(1);
  world.system.started[0]?.end({ kind: 'exited', status: 0 });
  world.passes(0.01);
  const commands = world.system.started.map(({ command }) => [command.path, ...command.arguments].join(' '));
  assert.deepEqual(commands, ['/bye', '/sbin/poweroff -f']);
  world.passes(29.9);
  assert.equal(isDone, false);
  world.passes(0.2);
  assert.equal(isDone, true);
  assert.equal(world.system.signals.at(-1)?.signal, 'SIGKILL');
});

test('at retry-over the command has ten seconds, then the end follows in any case', () => {
  const retryOverCommand = { path: '/bye', arguments: [] };
  const world = createWorld([{ name: 'java', retry: 0, startWaitSeconds: 0, retryOverCommand }]);
  assert.deepEqual(world.ends, [1]);
  let isDone = false;
  world.monitor.close(() => {
    isDone = true;
  });
  assert.equal(world.system.started[0]?.command.path, '/bye');
  world.passes(9.9);
  assert.equal(isDone, false);
  world.passes(0.2);
  assert.equal(isDone, true);
  assert.equal(world.system.signals.at(-1)?.signal, 'SIGKILL');
});

test('a given up entry that is reset and not there is restarted', () => {
  const world = createWorld([{ name: 'java', retry: 0, startWaitSeconds: 0, action: 'continue' }], {
    prepare: (system) => starting(system, ['java']),
  });
  assert.equal(world.monitor.reports()[0]?.status, 'UNAVAIL');
  world.monitor.reset();
  world.passes(10);
  assert.equal(world.monitor.reports()[0]?.status, 'UNAVAIL', 'with RETRY 0 there is nothing to give back');
});
