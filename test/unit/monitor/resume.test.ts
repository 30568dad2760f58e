// A pcheck that is killed and started again goes on where it was (SPEC 7), step by step in virtual time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDump } from '../../../src/entry/dump.ts';
import type { Pent } from '../../../src/pfile/types.ts';
import { DUMP_PATH, RECORD_PATH, type SimulatedSystem } from '../../../src/system/simulated/system.ts';
import { createWorld, PFILE, starting, type World } from './world.ts';

const JAVA = ['/usr/bin/java', 'tomcat'];
const CHECK = {
  command: { path: '/bin/check', arguments: [] },
  intervalSeconds: 60,
  timeoutSeconds: 30,
  fails: 2,
};

function report(world: World) {
  const [first] = world.monitor.reports();
  assert.ok(first !== undefined);
  return first;
}

/** A world with one retry used up and its process up. */
function restartedWorld(graceSeconds = 86_400): World {
  const world = createWorld([{ name: 'java', graceSeconds }], {
    prepare: (system) => starting(system, JAVA),
  });
  world.passes(30);
  assert.equal(report(world).retryCount, 1);
  return world;
}

test('counters and state are taken up again, without a word about the process that was up', () => {
  const before = restartedWorld();
  const { pid, rerunAt } = report(before);
  const after = before.crash();
  assert.deepEqual(after.log, ['took up 1 entries of pcheck[100], which was killed; its record is 0 s old']);
  assert.equal(report(after).pid, pid);
  assert.equal(report(after).retryCount, 1);
  assert.equal(report(after).rerunAt, rerunAt);
  after.passes(100);
  assert.equal(after.system.started.length, 1);
});

test('however often pcheck is killed, there are no more restarts than RETRY', () => {
  let world = createWorld([{ name: 'java', retry: 3 }], { prepare: (system) => starting(system, JAVA) });
  for (let deaths = 0; deaths < 10 && world.ends.length === 0; deaths++) {
    world.passes(35);
    world.system.proc.end(report(world).pid);
    world = world.crash();
    world.passes(12);
  }
  assert.equal(world.system.started.length, 3);
  assert.deepEqual(world.ends, [1]);
});

/** Lets one call of this method be pcheck's last: it comes to nothing, or has its effect and no more. */
function makeLast<Key extends string>(
  object: Record<Key, (...words: never[]) => unknown>,
  key: Key,
  isDone: boolean,
  isMeant: (first: unknown) => boolean,
): void {
  const call = object[key];
  object[key] = (...words) => {
    if (!isMeant(words[0])) return call(...words);
    object[key] = call;
    if (isDone) call(...words);
    throw new Error('killed');
  };
}

const startsRun2 = (text: unknown) => String(text).includes('"is":"running","run":2');

for (const [point, prepare, runs] of [
  ['before the record', ({ record }: SimulatedSystem) => makeLast(record, 'append', false, startsRun2), 3],
  // The retry is used up without a run: the other order would run one too many.
  ['after the record', ({ record }: SimulatedSystem) => makeLast(record, 'append', true, startsRun2), 2],
  ['before the start', ({ scripts }: SimulatedSystem) => makeLast(scripts, 'start', false, isSecond()), 2],
  ['after the start', ({ scripts }: SimulatedSystem) => makeLast(scripts, 'start', true, isSecond()), 3],
] as const) {
  test(`a pcheck that is killed ${point} of the second restart leaves ${runs} runs of RETRY 3 in all`, () => {
    const before = createWorld([{ name: 'java', retry: 3 }], {
      prepare(system) {
        prepare(system);
        system.onScript = (script) =>
          system.clock.afterAlways(15_000, () => script.end({ kind: 'exited', status: 1 }));
      },
    });
    assert.throws(() => before.passes(100), /killed/);
    const after = before.crash();
    after.passes(200);
    assert.equal(after.system.started.length, runs);
    assert.equal(report(after).retryCount, 3);
    assert.deepEqual(after.ends, [1]);
  });
}

function isSecond(): () => boolean {
  let calls = 0;
  return () => {
    calls += 1;
    return calls === 2;
  };
}

/** A world whose only retry is used up, and that has just decided so. */
function worldThatIsOver(pent: Partial<Pent> = {}): World {
  const world = createWorld([{ name: 'java', retry: 1, ...pent }]);
  world.passes(10);
  world.system.started[0]?.end({ kind: 'exited', status: 1 });
  world.passes(10);
  assert.deepEqual(world.ends, [1]);
  return world;
}

for (const action of ['exit', 'shutdown'] as const) {
  test(`a pcheck that is killed after it decided on retry-over with ${action} is followed by one that ends`, () => {
    const after = worldThatIsOver({ action }).crash();
    assert.deepEqual(after.log.slice(1, 2), [`(java) RETRY_OVER:${action.toUpperCase()}`]);
    assert.deepEqual(after.ends, [1]);
    after.passes(100);
    assert.equal(after.system.started.length, 1);
  });
}

test('what was decided stays so, though the process is back by then', () => {
  const before = worldThatIsOver();
  before.system.crash();
  before.system.proc.start({ argv: JAVA });
  assert.deepEqual(before.crash().ends, [1]);
});

test('a retry-over that a killed pcheck had decided goes by the action that the pfile names now', () => {
  const before = worldThatIsOver();
  before.system.crash();
  const pents = [{ name: 'java', retry: 1, action: 'continue' }] as const;
  const after = createWorld(pents, { system: before.system });
  assert.ok(after.log.includes('(java) RETRY_OVER:CONTINUE'));
  assert.equal(report(after).status, 'UNAVAIL');
  assert.deepEqual(after.ends, []);
});

test('an entry given up with continue stays so, though the pfile names another action now', () => {
  const before = createWorld([{ name: 'java', retry: 0, action: 'continue' }]);
  before.passes(11);
  assert.equal(report(before).status, 'UNAVAIL');
  before.system.crash();
  const after = createWorld([{ name: 'java', retry: 0, action: 'exit' }], { system: before.system });
  after.passes(100);
  assert.equal(report(after).status, 'UNAVAIL');
  assert.deepEqual(after.ends, []);
});

test('a pcheck that is killed while its retry_over_cmd runs is followed by one that ends', () => {
  const before = worldThatIsOver({ retryOverCommand: { path: '/bin/tell', arguments: [] } });
  let isDone = false;
  before.monitor.close(() => {
    isDone = true;
  });
  before.passes(5);
  assert.equal(isDone, false);
  const after = before.crash();
  assert.deepEqual(after.ends, [1]);
  after.monitor.close(() => undefined);
  after.passes(11);
  assert.equal(after.system.disk.has(RECORD_PATH), false);
});

test('a script that was left while pcheck ended is not started a second time', () => {
  const before = createWorld([{ name: 'java' }]);
  before.passes(10);
  before.monitor.close(() => undefined);
  const after = before.crash();
  after.passes(50);
  assert.equal(after.system.started.length, 1);
});

test('stall checks go on after one that a killed pcheck had started, with the failures before it', () => {
  const before = createWorld([{ name: 'java', check: CHECK }], {
    prepare: (system) => void system.proc.start({ argv: JAVA }),
  });
  before.passes(61);
  before.system.started[0]?.end({ kind: 'exited', status: 1 });
  before.passes(60);
  assert.equal(before.system.started.length, 2);
  const after = before.crash();
  after.passes(59);
  assert.equal(after.system.started.length, 2);
  after.passes(2);
  assert.equal(after.system.started.length, 3);
  after.system.started[2]?.end({ kind: 'exited', status: 1 });
  after.passes(1);
  assert.ok(after.log.some((line) => line.endsWith('Down')));
});

for (const [what, recorded, now, expected] of [
  ['new in the pfile begins', undefined, CHECK, 1],
  ['gone from the pfile is over', CHECK, undefined, 0],
] as const) {
  test(`a check that is ${what}`, () => {
    const before = createWorld([{ name: 'java', check: recorded }], {
      prepare: (system) => void system.proc.start({ argv: JAVA }),
    });
    before.passes(1);
    before.system.crash();
    const after = createWorld([{ name: 'java', check: now }], { system: before.system });
    after.passes(70);
    assert.equal(after.system.started.length, expected);
  });
}

test('the grace clock goes on', () => {
  const before = restartedWorld(100);
  before.passes(50);
  const after = before.crash();
  after.passes(60);
  assert.equal(report(after).retryCount, 0);
});

test('a process that died while no pcheck was there is a death', () => {
  const before = restartedWorld();
  before.system.proc.end(report(before).pid);
  const after = before.crash();
  assert.ok(after.log.some((line) => line.endsWith('Down')));
  assert.equal(after.system.started.length, 2);
});

test('a script still running is not started a second time, and its end is seen', () => {
  const before = createWorld([{ name: 'java' }], {
    prepare(system) {
      system.onScript = (script) => {
        system.clock.afterAlways(20_000, () => {
          system.proc.start({ argv: JAVA, session: script.process.pid });
          script.end({ kind: 'exited', status: 0 });
        });
      };
    },
  });
  before.passes(15);
  assert.equal(report(before).status, 'RESTART');
  const after = before.crash();
  after.passes(10);
  assert.equal(report(after).status, 'RESTART');
  assert.equal(after.system.started.length, 1);
  after.passes(10);
  assert.equal(report(after).status, 'AVAIL');
  assert.equal(report(after).retryCount, 1);
});

test('a script that ended while no pcheck was there has an unknown status; the process decides', () => {
  const before = createWorld([{ name: 'java', startWaitSeconds: 5 }]);
  before.passes(6);
  const [script] = before.system.started;
  before.system.crash();
  script?.end({ kind: 'exited', status: 0 });
  const after = before.crash();
  after.passes(6);
  assert.ok(
    after.log.some((line) =>
      line.startsWith('(java) restart failed: the script ended while no pcheck was there'),
    ),
    after.log.join('\n'),
  );
});

test('a script that hangs is ended at the deadline that was set before the crash', () => {
  const before = createWorld([{ name: 'java', restartTimeoutSeconds: 60 }]);
  before.passes(50);
  const after = before.crash();
  after.passes(19);
  assert.equal(after.system.signals.length, 0);
  after.passes(2);
  assert.equal(after.system.signals[0]?.signal, 'SIGTERM');
});

test('a script that SIGKILL did not end is told of once, also over a crash, and blocks its entry', () => {
  const killed = createWorld([{ name: 'java', restartTimeoutSeconds: 60 }]);
  // start_wait, restart_timeout, ten seconds after SIGTERM; five of the ten after SIGKILL.
  killed.passes(10 + 60 + 10 + 5);
  const isTold = (line: string) => line.includes('has not ended 10 s after SIGKILL');
  assert.ok(!killed.log.some(isTold));
  const resumed = killed.crash();
  // Whether the SIGKILL was sent before the crash nobody knows: it is sent again, and has ten seconds anew.
  resumed.passes(11);
  assert.equal(resumed.log.filter(isTold).length, 1);
  assert.match(report(resumed).reason, /was killed and has not ended yet/);
  const again = resumed.crash();
  assert.match(again.log[0] ?? '', /^took up 1 entries/);
  again.passes(3600);
  assert.ok(!again.log.some(isTold));
  assert.equal(report(again).status, 'RESTART');
  assert.equal(again.system.started.length, 1);
});

test('monitoring that was off stays off', () => {
  const before = restartedWorld();
  before.monitor.stop();
  assert.equal(report(before.crash()).monitoring, 'off');
});

test('after an ordinary end pcheck starts afresh', () => {
  const before = restartedWorld();
  before.monitor.close(() => undefined);
  before.passes(0.001);
  assert.equal(report(before.crash()).retryCount, 0);
});

test('after an end that was not an ordinary one, a defect, the counters are taken up again', () => {
  const before = restartedWorld();
  before.monitor.close(() => undefined, false);
  assert.equal(report(before.crash()).retryCount, 1);
});

test('after a reboot pcheck starts afresh', () => {
  const before = restartedWorld();
  Object.assign(before.system, { bootId: 'boot2' });
  assert.equal(report(before.crash()).retryCount, 0);
});

test('after a longer gap than a minute pcheck starts afresh', () => {
  const before = restartedWorld();
  before.system.crash();
  before.passes(75);
  assert.equal(report(before.crash()).retryCount, 0);
});

for (const [what, spoil] of [
  ['torn', (text: string) => text.slice(0, text.indexOf('\n', text.indexOf('"state"')) - 9)],
  ['torn where lines were added', (text: string) => text.replace(/..\n$/, '\n')],
  ['changed', (text: string) => text.replace('"retryCount":1', '"retryCount":0')],
  ['empty', () => ''],
  ['foreign', () => '<html>'],
  ['of another version', (text: string) => text.replace('psaver-state 2', 'psaver-state 3')],
] as const) {
  test(`a record that is ${what} is put aside with a warning, and pcheck starts afresh`, () => {
    const before = restartedWorld();
    const { disk } = before.system;
    disk.set(RECORD_PATH, spoil(disk.get(RECORD_PATH) ?? ''));
    const after = before.crash();
    assert.match(
      after.log[0] ?? '',
      /^the record of an earlier pcheck is not used: .*; moved to \/run\/record\.bad$/,
    );
    assert.equal(report(after).retryCount, 0);
  });
}

test('what a pcheck had half added when it was killed was never acted upon, and does not count', () => {
  const before = restartedWorld();
  const { disk } = before.system;
  const text = disk.get(RECORD_PATH) ?? '';
  const lines = text.split('\n').filter((line) => line.includes('"key"'));
  assert.ok(lines.length > 1, 'nothing was added');
  disk.set(RECORD_PATH, `${text}${lines.at(-1)?.replace('"retryCount":1', '"retryCount":2')}`);
  const after = before.crash();
  assert.match(after.log[0] ?? '', /^took up 1 entries/);
  assert.equal(report(after).retryCount, 1);
});

test('a record that cannot be added to is written anew, so that nothing follows what was added in part', () => {
  const before = restartedWorld();
  const { record } = before.system;
  const append = record.append;
  let failures = 0;
  record.append = (added) => {
    failures += 1;
    append(added.slice(0, 20));
    return 'ENOSPC';
  };
  before.system.proc.end(report(before).pid);
  before.passes(60);
  assert.ok(failures > 0);
  const counted = report(before).retryCount;
  assert.equal(counted, 2);
  assert.equal(report(before.crash()).retryCount, counted);
});

test('a record that somebody has removed is written anew at the next full check', () => {
  const before = restartedWorld();
  before.system.disk.delete(RECORD_PATH);
  before.passes(10);
  assert.equal(report(before.crash()).retryCount, 1);
});

test('a record that is added to again and again does not grow for ever', () => {
  const world = createWorld([{ name: 'java', retry: 1000, restartIntervalSeconds: 0 }], {
    prepare: (system) => starting(system, JAVA, 0.1),
  });
  let longest = 0;
  for (let death = 0; death < 300; death++) {
    world.passes(12);
    longest = Math.max(longest, world.system.disk.get(RECORD_PATH)?.length ?? 0);
    world.system.proc.end(report(world).pid);
  }
  assert.ok(longest > 60_000 && longest < 80_000, String(longest));
});

test('a record that cannot be written is a warning, told once, and delays nothing', () => {
  const world = createWorld([{ name: 'java' }], {
    prepare(system) {
      system.recordError = 'ENOSPC';
      starting(system, JAVA);
    },
  });
  world.passes(60);
  assert.equal(world.log.filter((line) => line === 'cannot write the record: ENOSPC').length, 1);
  assert.equal(report(world).status, 'AVAIL');
});

test('the record is written before the script is started', () => {
  const world = createWorld([{ name: 'java' }], {
    prepare(system) {
      system.onScript = () => {
        assert.match(system.disk.get(RECORD_PATH) ?? '', /"retryCount":1.*"token":"token1"/);
      };
    },
  });
  world.passes(10);
  assert.equal(world.system.started.length, 1);
});

test('a dump disk that is stuck or full is told of, and delays neither a restart nor the end', () => {
  for (const error of [undefined, 'No space left on device']) {
    const world = createWorld([{ name: 'java', retry: 1 }], {
      prepare(system) {
        system.onDump = (_, { started, ended }) => {
          if (error !== undefined) system.clock.after(0, () => ended(error));
          else if (system.started.length > 0) system.clock.after(0, () => started?.());
        };
      },
    });
    world.passes(50);
    assert.equal(world.system.started.length, 1);
    assert.equal(world.log.filter((line) => line.includes('the dump file')).length, 1);
    let isDone = false;
    world.system.started[0]?.end({ kind: 'exited', status: 1 });
    world.monitor.close(() => {
      isDone = true;
    });
    world.passes(0.1);
    assert.equal(isDone, true);
  }
});

test('a dump that cannot even begin holds up the end for a second, no longer', () => {
  const world = createWorld([{ name: 'java' }], {
    prepare(system) {
      system.onDump = () => undefined;
    },
  });
  let isDone = false;
  world.monitor.close(() => {
    isDone = true;
  });
  world.passes(0.9);
  assert.equal(isDone, false);
  world.passes(0.2);
  assert.equal(isDone, true);
});

test('a dump that was being written when pcheck began to end changes nothing any more', () => {
  const ends: (() => void)[] = [];
  const world = createWorld([{ name: 'java' }], {
    prepare(system) {
      system.onDump = (_, { ended }) => void ends.push(() => ended('Killed'));
    },
  });
  world.passes(11);
  assert.equal(ends.length, 1);
  let isDone = false;
  world.monitor.close(() => {
    isDone = true;
  });
  assert.equal(ends.length, 2);
  ends[0]?.();
  assert.equal(isDone, false);
  ends[1]?.();
  world.passes(5);
  assert.equal(isDone, true);
  assert.equal(ends.length, 2);
  assert.equal(world.log.filter((line) => line.includes('the dump file')).length, 1);
});

test('the dump holds what padmin would be told, also when pcheck was killed after it', () => {
  const world = restartedWorld();
  const dump = parseDump(world.system.disk.get(DUMP_PATH) ?? '');
  assert.ok(!('problem' in dump));
  assert.deepEqual({ ...dump, takenAt: 0 }, { ...world.monitor.snapshot(), takenAt: 0 });
  assert.equal(dump.pfile, PFILE.path);
  assert.equal(dump.pents[0]?.retryCount, 1);
});

test('a script that was taken over is followed on while /proc cannot be read', () => {
  const before = createWorld([{ name: 'java', startWaitSeconds: 5 }]);
  before.passes(6);
  const after = before.crash();
  const { read } = after.system.proc;
  after.system.proc.read = () => {
    throw new Error('EMFILE');
  };
  after.passes(5);
  after.system.proc.read = read;
  after.passes(5);
  assert.equal(report(after).status, 'RESTART');
  assert.equal(after.system.started.length, 1);
});
