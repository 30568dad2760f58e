// A pfile that is read again while its entries live (SPEC 4.11).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pent } from '../../../src/pfile/types.ts';
import { PENT } from '../entry/story.ts';
import { createWorld, PFILE, starting, type World } from './world.ts';

function reload(world: World, ...pents: readonly Partial<Pent>[]) {
  return world.monitor.reload({
    ...PFILE,
    pents: pents.map((pent, index) => ({ ...PENT, id: index + 1, ...pent })),
  });
}

function shown(world: World): string[] {
  return world.monitor
    .reports()
    .map((report) => `${report.pentId} ${report.name} ${report.pid} ${report.retryCount}`);
}

function twoUp(): World {
  const world = createWorld([{ name: 'java' }, { name: 'nginx' }], {
    prepare(system) {
      system.proc.start({ argv: ['nginx'] }, 500);
      starting(system, ['java']);
    },
  });
  world.passes(30);
  return world;
}

test('an entry that stayed the same keeps process and counters, also under another pent_id', () => {
  const world = twoUp();
  const java = world.monitor.reports()[0]?.pid;
  assert.deepEqual(reload(world, { name: 'nginx' }, { name: 'java', retry: 9 }), {
    kept: 2,
    added: 0,
    removed: 0,
  });
  assert.deepEqual(shown(world), ['1 nginx 500 0', `2 java ${java} 1`]);
  assert.equal(world.system.started.length, 1);
});

test('a removed entry is let go, an added one is looked for', () => {
  const world = twoUp();
  world.system.proc.start({ argv: ['cron'] }, 600);
  assert.deepEqual(reload(world, { name: 'cron' }, { name: 'nginx' }), { kept: 1, added: 1, removed: 1 });
  assert.deepEqual(shown(world), ['1 cron 600 0', '2 nginx 500 0']);
  world.passes(60);
  assert.equal(world.system.started.length, 1);
});

test('an entry with other strings is another entry', () => {
  const world = twoUp();
  assert.deepEqual(reload(world, { name: 'java', includeStrings: ['x'] }), { kept: 0, added: 1, removed: 2 });
});

test('other values count from the next decision', () => {
  const world = createWorld([{ name: 'nginx', retry: 3 }], {
    prepare: (system) => void system.proc.start({ argv: ['nginx'] }, 500),
  });
  reload(world, { name: 'nginx', retry: 0, script: { path: '/other.sh', arguments: [] } });
  world.system.proc.end(500);
  world.passes(10);
  assert.deepEqual(world.ends, [1]);
});

test('removed while its script runs: the script finishes, its result is logged, nothing follows', () => {
  const world = createWorld([{ name: 'java' }]);
  world.passes(10);
  reload(world, { name: 'nginx', startWaitSeconds: 1000 });
  world.system.started[0]?.end({ kind: 'exited', status: 3 });
  world.passes(100);
  assert.ok(
    world.log.includes(
      '(java) restart script ended with status 3; the entry was removed by a reload, nothing follows',
    ),
  );
  assert.equal(world.system.started.length, 1);
});

test('added again while its script runs: no second script, and the first one’s end counts', () => {
  const world = createWorld([{ name: 'java' }]);
  world.passes(10);
  reload(world, { name: 'nginx', startWaitSeconds: 1000 });
  world.passes(5);
  reload(world, { name: 'java' });
  world.passes(20);
  assert.equal(world.system.started.length, 1);
  assert.equal(world.monitor.reports()[0]?.status, 'RESTART');
  world.system.proc.start({ argv: ['java'] }, 700);
  world.system.started[0]?.end({ kind: 'exited', status: 0 });
  world.passes(1);
  assert.deepEqual(shown(world), ['1 java 700 1']);
});

test('an entry that was given up stays so over a reload', () => {
  const world = createWorld([{ name: 'java', retry: 0, action: 'continue', startWaitSeconds: 0 }]);
  reload(world, { name: 'java', retry: 0, action: 'continue', startWaitSeconds: 0 });
  assert.equal(world.monitor.reports()[0]?.status, 'UNAVAIL');
  assert.equal(world.system.started.length, 0);
});

test('an entry whose monitoring is off stays so over a reload', () => {
  const world = twoUp();
  world.monitor.stop([1]);
  reload(world, { name: 'nginx' }, { name: 'java', retry: 9 });
  assert.deepEqual(
    world.monitor.reports().map(({ name, monitoring }) => `${name} ${monitoring}`),
    ['nginx on', 'java off'],
  );
});

test('an added entry that does not appear within start_wait is restarted, as one at the start', () => {
  const world = createWorld([{ name: 'nginx' }], {
    prepare: (system) => void system.proc.start({ argv: ['nginx'] }, 500),
  });
  world.passes(15);
  reload(world, { name: 'nginx' }, { name: 'cron', startWaitSeconds: 5 });
  assert.equal(world.monitor.reports()[1]?.status, 'INIT');
  world.passes(4.9);
  assert.equal(world.system.started.length, 0);
  world.passes(0.2);
  assert.deepEqual(world.log.slice(-2), ['Set pid fail (cron)', 'Try to restart (cron)']);
});

test('the script of an entry that was removed is still ended at its time limit, the service that it has started is spared', () => {
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 60 }, { name: 'nginx' }], {
    prepare: (system) => void system.proc.start({ argv: ['nginx'] }),
  });
  world.passes(15);
  const [script] = world.system.started;
  assert.ok(script !== undefined);
  world.monitor.reload({ ...PFILE, pents: [{ ...PENT, id: 1, name: 'nginx' }] });
  const { pid } = script.process;
  const service = world.system.proc.start({ argv: ['java'], ppid: pid, processGroup: pid, session: pid });
  world.passes(60);
  const terminated = world.system.signals.filter(({ signal }) => signal === 'SIGTERM');
  assert.deepEqual(terminated, [{ pid, signal: 'SIGTERM' }]);
  world.passes(10);
  assert.deepEqual(world.system.signals.at(-1), { pid, signal: 'SIGKILL' });
  assert.ok(!world.system.signals.some((sent) => sent.pid === service.pid));
  script.end({ kind: 'signalled', signal: 'SIGKILL' });
  world.passes(100);
  assert.match(world.log.join('\n'), /\(java\) restart script was killed by SIGKILL; the entry was removed/);
  assert.equal(world.system.started.length, 1);
});

test('removed after its script has ended, which a blind pcheck could not act upon yet: the result is logged', () => {
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 60 }]);
  world.passes(15);
  world.system.proc.start({ argv: ['somebody', 'new'] });
  world.system.proc.failure = 'EMFILE';
  world.system.started[0]?.end({ kind: 'exited', status: 3 });
  world.passes(5);
  reload(world, { name: 'nginx', startWaitSeconds: 1000 });
  world.system.proc.failure = undefined;
  world.passes(200);
  const told = world.log.filter((line) => line.startsWith('(java) restart script'));
  assert.deepEqual(told, [
    '(java) restart script ended with status 3; the entry was removed by a reload, nothing follows',
  ]);
  assert.deepEqual(world.system.signals, []);
});

/** Its entry is removed; then the script becomes what the entry meant. */
function removedAndBecome(): { readonly world: World; readonly pid: number } {
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 60 }, { name: 'nginx' }], {
    prepare: (system) => void system.proc.start({ argv: ['nginx'] }),
  });
  world.passes(15);
  const [script] = world.system.started;
  assert.ok(script !== undefined);
  reload(world, { name: 'nginx' });
  Object.assign(script.process, { argv: ['java'], comm: 'java' });
  return { world, pid: script.process.pid };
}

test('the script of a removed entry that has become the service has no time limit', () => {
  const { world, pid } = removedAndBecome();
  world.passes(100);
  assert.ok(world.log.includes('(java) restart script became the service by exec'), world.log.join('\n'));
  assert.deepEqual(world.system.signals, []);
  world.monitor.close(() => undefined);
  assert.deepEqual(world.system.signals, []);
  assert.ok(world.system.proc.get(pid) !== undefined);
});

test('the end of pcheck is not the end of a removed entry’s script that has become the service', () => {
  const { world } = removedAndBecome();
  world.monitor.close(() => undefined);
  assert.deepEqual(world.system.signals, []);
});

test('a script that became the service earlier and ends now is not the end of the one that a reload left running', () => {
  const world = createWorld([{ name: 'java', restartIntervalSeconds: 0 }, { name: 'nginx' }], {
    prepare: (system) => void system.proc.start({ argv: ['nginx'] }),
  });
  world.passes(15);
  const [first] = world.system.started;
  assert.ok(first !== undefined);
  Object.assign(first.process, { argv: ['java'], comm: 'java' });
  world.passes(10);
  first.process.argv = ['worker'];
  first.process.comm = 'worker';
  world.passes(15);
  assert.equal(world.system.started.length, 2);
  reload(world, { name: 'nginx' });
  first.end({ kind: 'signalled', signal: 'SIGKILL' });
  world.passes(1);
  assert.ok(!world.log.some((line) => line.includes('the entry was removed')), world.log.join('\n'));
  world.system.started[1]?.end({ kind: 'exited', status: 0 });
  world.passes(1);
  assert.match(world.log.join('\n'), /\(java\) restart script ended with status 0; the entry was removed/);
});

test('a loop that was held up hears of the end of a removed entry’s script before its time limit', () => {
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 60 }, { name: 'nginx' }], {
    prepare: (system) => void system.proc.start({ argv: ['nginx'] }),
  });
  world.passes(15);
  reload(world, { name: 'nginx' });
  // As under SIGSTOP: the end of the script waits to be heard when the overdue timers run.
  world.system.clock.holdUp(100_000);
  world.system.started[0]?.end({ kind: 'exited', status: 0 });
  world.passes(1);
  assert.deepEqual(world.system.signals, []);
  assert.match(world.log.join('\n'), /\(java\) restart script ended with status 0; the entry was removed/);
});
