// Scripts, checks and commands whose start hangs (a file system that does not answer, an on-access scanner), step by step
// in virtual time: only their entry waits, and what was given up never begins (SPEC 4.3, 4.7, 4.12).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pent } from '../../../src/pfile/types.ts';
import type { StartMode } from '../../../src/system/simulated/scripts.ts';
import type { SimulatedSystem } from '../../../src/system/simulated/system.ts';
import { createWorld, starting, type World } from './world.ts';

const JAVA = ['/usr/bin/java', 'tomcat'];
const CHECK = {
  command: { path: '/bin/check', arguments: [] },
  intervalSeconds: 60,
  timeoutSeconds: 30,
  fails: 2,
};
const HANGS: readonly StartMode[] = ['hangs', 'hangs-in-kernel', 'unborn'];

function hangingWorld(pent: Partial<Pent>, mode: StartMode, prepare = (_: SimulatedSystem) => undefined) {
  return createWorld([{ name: 'java', restartTimeoutSeconds: 60, ...pent }], {
    prepare(system) {
      system.startMode = mode;
      prepare(system);
    },
  });
}

function report(world: World) {
  const [first] = world.monitor.reports();
  assert.ok(first !== undefined);
  return first;
}

for (const mode of HANGS) {
  test(`a script that ${mode} counts as running; thawed in time it begins, late, and its entry goes on`, () => {
    const world = hangingWorld({ startWaitSeconds: 10 }, mode, (system) => void starting(system, JAVA, 1));
    world.passes(60);
    assert.equal(report(world).status, 'RESTART');
    assert.equal(report(world).restartCount, 1);
    assert.equal(
      report(world).pid,
      0,
      'its child, which still shows the command line of pcheck, matches nothing',
    );
    assert.equal(world.system.hanging().length, 1, 'no second one beside it');
    world.system.thaw();
    world.passes(2);
    assert.equal(world.system.started.length, 1);
    assert.equal(report(world).status, 'AVAIL');
  });

  test(`at restart_timeout a script that ${mode} is given up, and nothing begins when it is thawed`, () => {
    const world = hangingWorld({ startWaitSeconds: 10, retry: 1, action: 'continue' }, mode);
    world.passes(10 + 60 + 5);
    assert.ok(world.log.some((line) => line.includes('still running after 60 s: SIGTERM')));
    world.system.thaw();
    world.passes(60);
    assert.deepEqual(world.system.started, []);
    assert.deepEqual(world.system.signals, [], 'there was no group that could be signalled');
    assert.ok(
      world.log.some((line) =>
        /restart failed: the script was ended after 60 s \(restart_timeout\)/.test(line),
      ),
      world.log.join('\n'),
    );
    assert.equal(report(world).status, 'UNAVAIL');
  });

  test(`a start that ${mode} delays no end of pcheck, and begins nothing afterwards`, () => {
    const world = hangingWorld({}, mode);
    world.passes(15);
    let endedAfter = -1;
    const since = world.system.clock.now().monotonic;
    world.monitor.close(() => {
      endedAfter = world.system.clock.now().monotonic - since;
    });
    world.passes(5);
    assert.ok(endedAfter >= 0 && endedAfter <= 1000, String(endedAfter));
    world.system.thaw();
    world.passes(5);
    assert.deepEqual(world.system.started, []);
  });

  test(`a start that ${mode} and was begun by a killed pcheck begins nothing; the next one starts anew`, () => {
    const before = hangingWorld({ startWaitSeconds: 10 }, mode);
    before.passes(15);
    const after = before.crash();
    after.system.startMode = 'begins';
    after.passes(30);
    assert.equal(after.system.started.length, 1);
    assert.equal(report(after).restartCount, 2);
    after.system.thaw();
    after.passes(30);
    assert.equal(after.system.started.length, 1);
  });

  test(`a check that ${mode} says nothing of the process, nor does the next one`, () => {
    const world = hangingWorld({ check: CHECK }, mode, (system) => void system.proc.start({ argv: JAVA }));
    world.passes(60 + 30 + 60 + 60);
    const told = world.log.filter((line) => line.includes('check not run'));
    assert.match(told[0] ?? '', /check_cmd could not be started within 30 s$/);
    assert.ok(told.length >= 2);
    assert.ok(!world.log.some((line) => line.includes('failed')));
    assert.equal(report(world).status, 'AVAIL');
    world.system.startMode = 'begins';
    world.system.thaw();
    world.passes(70);
    assert.equal(world.system.started.length, 1, 'the next check runs, none that was given up does');
  });
}

test('a script whose start does not end even when it is given up blocks its entry, and no other', () => {
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 60 }, { name: 'nginx' }], {
    prepare: (system) => {
      system.startMode = 'hangs-in-kernel';
      system.proc.start({ argv: ['nginx'] }, 500);
    },
  });
  world.passes(20);
  world.system.startMode = 'begins';
  starting(world.system, ['nginx'], 1);
  world.system.proc.end(500);
  world.passes(100);
  assert.equal(world.log.filter((line) => line.includes('has not ended 10 s after SIGKILL')).length, 1);
  const counts = () => world.monitor.reports().map(({ status, restartCount }) => `${status} ${restartCount}`);
  assert.deepEqual(counts(), ['RESTART 1', 'AVAIL 1']);
  starting(world.system, JAVA, 1);
  world.system.thaw();
  world.passes(20);
  assert.deepEqual(counts(), ['AVAIL 2', 'AVAIL 1']);
});

test('a start that hangs for five seconds is told of, and that it is over', () => {
  const world = hangingWorld({ startWaitSeconds: 10 }, 'hangs');
  world.passes(14.9);
  assert.ok(!world.log.some((line) => line.includes('hangs')));
  world.passes(0.2);
  world.passes(20);
  world.system.thaw();
  world.passes(1);
  const told = world.log.filter((line) => line.includes('start of the'));
  assert.deepEqual(told, [
    '(java) start of the restart script hangs for 5 s already: /start.sh',
    '(java) start of the restart script hangs no more, after 25 s: /start.sh',
  ]);
});

test('that a script has begun may be told after its end', () => {
  const world = createWorld([{ name: 'java' }], {
    prepare(system) {
      system.startToldAfterMilliseconds = 3000;
      starting(system, JAVA, 1);
    },
  });
  world.passes(30);
  assert.equal(report(world).status, 'AVAIL');
  assert.equal(world.system.started.length, 1);
  assert.deepEqual(world.log.filter((line) => /fail|hang/.test(line)).slice(1), [], world.log.join('\n'));
});

for (const error of ['EAGAIN', 'ENOENT']) {
  test(`a script that cannot be started (${error}) is a restart that failed`, () => {
    const world = createWorld([{ name: 'java' }], {
      prepare: (system) => {
        system.spawnError = error;
      },
    });
    world.passes(11);
    assert.ok(world.log.includes(`(java) restart failed: the script could not be started: ${error}`));
  });
}

test('a retry_over_cmd whose start hangs is given up at its limit, and the action follows', () => {
  const retryOverCommand = { path: '/bye', arguments: [] };
  const world = hangingWorld({ retry: 0, action: 'exit', retryOverCommand }, 'hangs-in-kernel');
  world.passes(11);
  assert.deepEqual(world.ends, [1]);
  let isDone = false;
  world.monitor.close(() => {
    isDone = true;
  });
  world.passes(9.9);
  assert.equal(isDone, false);
  world.passes(0.2);
  assert.equal(isDone, true);
  assert.ok(world.log.includes('(java) retry_over_cmd could not be started within 10 s'));
  world.system.thaw();
  world.passes(1);
  assert.deepEqual(world.system.started, []);
});

test('what a check starts in its session never matches, also when the check has ended', () => {
  const world = createWorld([{ name: 'java', check: CHECK }], {
    prepare(system) {
      system.proc.start({ argv: JAVA }, 500);
      system.onScript = ({ command, process, end }) => {
        if (command.path !== '/bin/check') return;
        Object.assign(process, { argv: JAVA, comm: 'java', exe: '/usr/bin/java' });
        const { pid } = process;
        system.proc.start({ argv: JAVA, session: pid, processGroup: pid, ppid: pid });
        system.clock.after(20_000, () => end({ kind: 'exited', status: 0 }));
      };
    },
  });
  world.passes(65);
  world.system.proc.end(500);
  world.passes(10);
  assert.ok(
    world.log.some((line) => line.endsWith('Down')),
    'the check passes for the service',
  );
  world.passes(60);
  const ups = world.log.filter((line) => line.endsWith('Up'));
  assert.equal(ups.length, 1, world.log.join('\n'));
});
