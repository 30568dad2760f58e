// The whole monitor in virtual time: looks, scripts, deadlines, commands, ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateDeathWatch } from '../../../src/process/death-watch.ts';
import { createWorld, starting } from './world.ts';

const JAVA = ['/usr/bin/java', 'tomcat'];

test('a service that is killed again and again is restarted three times, then pcheck ends with 1', () => {
  const world = createWorld([{ name: '/usr/bin/java' }], {
    prepare(system) {
      system.proc.start({ argv: JAVA }, 500);
      starting(system, JAVA);
    },
  });
  for (let deaths = 0; deaths < 4; deaths++) {
    world.passes(60);
    world.system.proc.end(world.monitor.reports()[0]?.pid ?? 0);
  }
  world.passes(10);
  assert.deepEqual(
    world.log.map((line) => line.replace(/pid=\d+/, 'pid=N')),
    [
      '(/usr/bin/java ,pid=N) Up',
      ...Array.from({ length: 3 }, () => [
        'Process [/usr/bin/java ,pid=N] Down',
        'Try to restart (/usr/bin/java)',
        '(/usr/bin/java ,pid=N) Up',
      ]).flat(),
      'Process [/usr/bin/java ,pid=N] Down',
      '(/usr/bin/java) RETRY_OVER:EXIT',
      '(/usr/bin/java) FATAL',
    ],
  );
  assert.deepEqual(world.ends, [1]);
  world.passes(1000);
  assert.equal(world.system.started.length, 3, 'nothing is started after the end');
});

test('a day up without a break gives all retries back', () => {
  const world = createWorld([{ name: 'java' }], { prepare: (system) => starting(system, JAVA) });
  world.passes(30);
  assert.equal(world.monitor.reports()[0]?.retryCount, 1);
  world.passes(86_370);
  assert.equal(world.monitor.reports()[0]?.retryCount, 1);
  world.passes(30);
  assert.equal(world.monitor.reports()[0]?.retryCount, 0);
});

test('a wall clock that is stepped changes no decision', () => {
  const world = createWorld([{ name: 'java', graceSeconds: 100 }], {
    prepare: (system) => starting(system, JAVA),
  });
  world.passes(30);
  world.system.clock.stepWall(-86_400_000);
  world.passes(60);
  assert.equal(world.monitor.reports()[0]?.retryCount, 1);
  world.system.clock.stepWall(2 * 86_400_000);
  world.passes(5);
  assert.equal(world.monitor.reports()[0]?.retryCount, 1);
  world.passes(30);
  assert.equal(world.monitor.reports()[0]?.retryCount, 0);
});

test('a death is noticed within MONITOR_INTERVAL when nothing tells of it', () => {
  const world = createWorld([{ name: 'java' }], {
    prepare: (system) => void system.proc.start({ argv: JAVA }, 500),
  });
  world.passes(25);
  world.system.proc.end(500);
  world.passes(4.9);
  assert.equal(world.system.started.length, 0);
  world.passes(0.2);
  assert.equal(world.system.started.length, 1);
});

test('a death that the kernel tells of is acted upon at once, several with one look', () => {
  let tell: (key: number) => void = () => undefined;
  const watched = new Map<number, readonly number[]>();
  const createDeathWatch: CreateDeathWatch = (onDeath) => {
    tell = onDeath;
    return {
      watch(key, processes) {
        watched.set(
          key,
          processes.map(({ pid }) => pid),
        );
      },
      close: () => undefined,
    };
  };
  const world = createWorld([{ name: 'java' }, { name: 'nginx' }, { name: 'cron' }], {
    createDeathWatch,
    prepare(system) {
      for (const name of ['java', 'nginx', 'cron']) system.proc.start({ argv: [name] });
    },
  });
  const reports = world.monitor.reports();
  assert.deepEqual(
    [...watched.values()],
    reports.map(({ pid }) => [pid]),
  );
  world.passes(3);
  let looks = 0;
  const { newPids } = world.system.proc;
  world.system.proc.newPids = () => {
    looks += 1;
    return newPids();
  };
  for (const [key, [pid]] of [...watched].slice(0, 2)) {
    world.system.proc.end(pid ?? 0);
    tell(key);
  }
  world.passes(0.001);
  assert.equal(world.system.started.length, 2);
  assert.equal(looks, 1);
  assert.deepEqual([...watched.values()], [[], [], [reports[2]?.pid]]);
});

test('entries are independent: their scripts run side by side', () => {
  const world = createWorld([{ name: 'java' }, { name: 'nginx' }]);
  world.passes(10);
  assert.equal(world.system.started.length, 2);
});

test('the script gets who it is for in its environment, and nothing that is not its business', () => {
  const world = createWorld([{ name: 'java', script: { path: '/start.sh', arguments: ['-x'] } }], {
    prepare: (system) =>
      Object.assign(system.environment, {
        JAVA_HOME: '/jdk',
        NODE_OPTIONS: '--x',
        NOTIFY_SOCKET: '/run/n',
        LISTEN_FDS: '1',
        WATCHDOG_USEC: '1',
        INVOCATION_ID: 'i',
        JOURNAL_STREAM: '1:2',
        PSAVER_NOFILE: '1024',
        PSAVER_OPENSSL_CONF: '/etc/fips.cnf',
      }),
  });
  world.passes(10);
  const command = world.system.started[0]?.command;
  assert.deepEqual(command?.inherited, {
    PATH: '/usr/bin:/bin',
    JAVA_HOME: '/jdk',
    OPENSSL_CONF: '/etc/fips.cnf',
  });
  assert.deepEqual(command?.environment, {
    PSAVER_NAME: 'java',
    PSAVER_PENT_ID: '1',
    PSAVER_RETRY_COUNT: '1',
    PSAVER_RESTART_COUNT: '1',
    PSAVER_REASON: 'not-found',
    PSAVER_RUN: 'token1',
  });
  assert.deepEqual(command?.arguments, ['-x']);
  assert.equal(command?.outputFile, '/var/dump.1.out');
});

test('at its time limit the script’s group is ended, but not the service that it started', () => {
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 30 }], {
    prepare(system) {
      system.onScript = ({ process }) => {
        system.proc.start({ argv: JAVA, ppid: process.pid, processGroup: process.pid, session: process.pid });
        system.proc.start({ argv: ['sleep', '99'], ppid: process.pid, processGroup: process.pid });
      };
    },
  });
  world.passes(41);
  const [script] = world.system.started;
  const service = world.monitor.reports()[0]?.pid;
  assert.ok(service !== undefined && service > 0, 'the match that appeared is noted');
  const signalled = world.system.signals.map(({ pid, signal }) => `${signal} ${pid}`);
  assert.ok(signalled.includes(`SIGTERM ${script?.process.pid}`));
  assert.ok(!signalled.some((line) => line.endsWith(` ${service}`)));
});

test('a leader that goes at SIGTERM has not ended the script while others of its group ignore it: SIGKILL for them', () => {
  const pids: number[] = [];
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 30, restartIntervalSeconds: 0 }], {
    prepare(system) {
      system.onScript = ({ process }) => {
        if (pids.length > 0) return;
        const group = { ppid: process.pid, processGroup: process.pid, session: process.pid };
        pids.push(system.proc.start({ argv: ['sleep', '99'], ...group }).pid);
      };
    },
  });
  world.passes(41);
  const { started, signals, proc } = world.system;
  assert.equal(signals.at(-1)?.signal, 'SIGTERM');
  started[0]?.end({ kind: 'signalled', signal: 'SIGTERM' });
  world.passes(8);
  assert.equal(world.monitor.reports()[0]?.reason, 'the restart script runs');
  world.passes(1.5);
  assert.deepEqual(signals.at(-1), { pid: -(started[0]?.process.pid ?? 0), signal: 'SIGKILL' });
  assert.ok(
    world.log.includes('(java) restart script ignored SIGTERM for 10 s: SIGKILL to its process group'),
  );
  assert.ok(proc.get(pids[0] ?? 0) !== undefined);
  world.passes(11);
  assert.equal(started.length, 2, 'the next restart does not wait for what no signal ends');
});

test('a leader that goes at SIGTERM takes the script along when the rest of its group goes too', () => {
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 30, restartIntervalSeconds: 0 }]);
  let child = 0;
  world.system.onScript = ({ process }) => {
    child = world.system.proc.start({ argv: ['sleep', '99'], processGroup: process.pid }).pid;
  };
  world.passes(41);
  world.system.started[0]?.end({ kind: 'signalled', signal: 'SIGTERM' });
  world.passes(1);
  world.system.proc.end(child);
  world.passes(0.2);
  assert.match(world.monitor.reports()[0]?.reason ?? '', /was ended after 30 s/);
});

test('without a SIGTERM the script has ended with its leader, whatever is left of its group', () => {
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 30 }]);
  world.system.onScript = ({ process }) => {
    world.system.proc.start({ argv: ['sleep', '99'], processGroup: process.pid });
  };
  world.passes(11);
  world.system.started[0]?.end({ kind: 'exited', status: 0 });
  world.passes(0.001);
  assert.match(world.monitor.reports()[0]?.reason ?? '', /ended with status 0/);
});

test('a script that becomes the service by exec is held, and its death is a death', () => {
  const world = createWorld([{ name: 'java', restartIntervalSeconds: 0 }], {
    prepare(system) {
      system.onScript = ({ process }) => {
        process.argv = JAVA;
        process.comm = 'java';
      };
    },
  });
  world.passes(20);
  const [script] = world.system.started;
  assert.equal(world.monitor.reports()[0]?.status, 'AVAIL');
  assert.equal(world.monitor.reports()[0]?.pid, script?.process.pid);
  script?.end({ kind: 'signalled', signal: 'SIGKILL' });
  world.passes(10);
  assert.equal(world.system.started.length, 2);
});

test('a process that two entries hold is warned of once, and only the first entry restarts it', () => {
  const world = createWorld([{ name: 'java' }, { name: '/usr/bin/java' }], {
    prepare(system) {
      system.proc.start({ argv: JAVA }, 500);
      starting(system, JAVA);
    },
  });
  world.passes(30);
  const warnings = world.log.filter((line) =>
    line.startsWith('entries 1 and 2 hold the same process, pid=500'),
  );
  assert.equal(warnings.length, 1);
  world.system.proc.end(500);
  world.passes(30);
  assert.equal(world.system.started.length, 1);
  assert.equal(world.system.started[0]?.command.environment['PSAVER_PENT_ID'], '1');
  assert.deepEqual(
    world.monitor.reports().map(({ status }) => status),
    ['AVAIL', 'AVAIL'],
  );
});

test('with monitoring off for one entry, the others go on', () => {
  const world = createWorld([{ name: 'java' }, { name: 'nginx' }], {
    prepare(system) {
      system.proc.start({ argv: ['java'] }, 500);
      system.proc.start({ argv: ['nginx'] }, 501);
    },
  });
  assert.deepEqual(world.monitor.stop([1]), []);
  world.system.proc.end(500);
  world.system.proc.end(501);
  world.passes(10);
  assert.deepEqual(
    world.system.started.map(({ command }) => command.environment['PSAVER_NAME']),
    ['nginx'],
  );
  world.monitor.start([1]);
  assert.equal(world.system.started.length, 2, 'resuming checks at once');
});

test('stop names the entries whose script goes on', () => {
  const world = createWorld([{ name: 'java' }, { name: 'nginx' }], {
    prepare: (system) => void system.proc.start({ argv: ['nginx'] }),
  });
  world.passes(10);
  assert.deepEqual(world.monitor.stop(), [1]);
});

test('close ends the scripts in progress: SIGTERM to the group, SIGKILL a second later to what is left', () => {
  const world = createWorld([{ name: 'java' }]);
  world.passes(10);
  let isDone = false;
  world.monitor.close(() => {
    isDone = true;
  });
  const group = -(world.system.started[0]?.process.pid ?? 0);
  assert.deepEqual(world.system.signals, [{ pid: group, signal: 'SIGTERM' }]);
  world.passes(0.99);
  assert.equal(isDone, false);
  world.passes(0.05);
  assert.equal(isDone, true);
  assert.deepEqual(world.system.signals[1], { pid: group, signal: 'SIGKILL' });
});

test('close is done as soon as the group is empty', () => {
  const world = createWorld([{ name: 'java' }]);
  world.passes(10);
  let isDone = false;
  world.monitor.close(() => {
    isDone = true;
  });
  world.system.started[0]?.end({ kind: 'signalled', signal: 'SIGTERM' });
  world.passes(0.03);
  assert.equal(isDone, true);
  assert.equal(world.system.signals.length, 1);
});

test('when fork fails, the restart counts, and the next one is tried after restart_interval', () => {
  const world = createWorld([{ name: 'java', restartIntervalSeconds: 20 }], {
    prepare(system) {
      system.spawnError = 'EAGAIN';
    },
  });
  world.passes(15);
  assert.ok(world.log.includes('(java) restart failed: the script could not be started: EAGAIN'));
  world.passes(60);
  assert.deepEqual(world.ends, [1]);
});

test('an idle monitor wakes only for its full checks', () => {
  const world = createWorld([{ name: 'java' }], {
    prepare: (system) => void system.proc.start({ argv: JAVA }),
  });
  let looks = 0;
  const { newPids } = world.system.proc;
  world.system.proc.newPids = () => {
    looks += 1;
    return newPids();
  };
  world.passes(1000);
  assert.equal(looks, 100);
});

test('when /proc cannot be looked at, nobody is taken for dead; it is told once, and tried again', () => {
  const world = createWorld([{ name: 'java' }], {
    prepare: (system) => void system.proc.start({ argv: JAVA }, 500),
  });
  const { pids } = world.system.proc;
  world.system.proc.pids = () => {
    throw new Error('EMFILE');
  };
  world.passes(60);
  assert.equal(world.system.started.length, 0);
  assert.equal(
    world.log.filter((line) => line.startsWith('cannot look at the processes: Error: EMFILE')).length,
    1,
  );
  world.system.proc.end(500);
  world.system.proc.pids = pids;
  world.passes(2);
  assert.equal(world.system.started.length, 1);
});

test('a loop that was held up hears of a script’s end before it finds the script overdue', () => {
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 30, startWaitSeconds: 5 }]);
  world.passes(6);
  const [script] = world.system.started;
  // Time passes without the loop, as under SIGSTOP; the end of the script waits to be heard.
  world.system.clock.holdUp(40_000);
  world.system.proc.start({ argv: JAVA });
  script?.end({ kind: 'exited', status: 0 });
  world.passes(0.1);
  assert.deepEqual(world.system.signals, []);
  assert.equal(world.monitor.reports()[0]?.status, 'AVAIL');
});

test('a check that was in time while the loop was held up has passed, also where the machine was paused with it', () => {
  const check = { command: { path: '/c', arguments: [] }, intervalSeconds: 60, timeoutSeconds: 2, fails: 1 };
  for (const [endsAfter, isFailed] of [
    [0, false],
    [1.5, false],
    [2.5, true],
  ] as const) {
    const world = createWorld([{ name: 'java', check }], {
      prepare: (system) => void system.proc.start({ argv: JAVA }),
    });
    world.passes(61);
    const [run] = world.system.started;
    world.system.clock.holdUp(600_000);
    world.system.clock.after(endsAfter * 1000, () => run?.end({ kind: 'exited', status: 0 }));
    world.passes(5);
    assert.equal(
      world.log.some((line) => line.includes('was killed after 2 s')),
      isFailed,
      world.log.join('\n'),
    );
  }
});

test('a dump that was in time while the loop was held up is not told to be stuck', () => {
  const world = createWorld([{ name: 'java' }], {
    prepare(system) {
      // Done soon after the loop listens again.
      system.onDump = (_, on) => void system.clock.after(40_000, () => on.ended(undefined));
    },
  });
  world.passes(10.5);
  world.system.clock.holdUp(60_000);
  world.passes(1);
  assert.ok(!world.log.some((line) => line.includes('the dump file')), world.log.join('\n'));
});

test('close spares a script that has become the service since the last look', () => {
  const world = createWorld([{ name: 'java' }]);
  world.passes(10);
  const process = world.system.started[0]?.process;
  assert.ok(process !== undefined);
  process.argv = JAVA;
  process.comm = 'java';
  world.monitor.close(() => undefined);
  world.passes(2);
  assert.deepEqual(world.system.signals, []);
});

test('a process that a later entry took on alone is restarted by that entry', () => {
  const world = createWorld([{ name: 'java', includeStrings: ['a'] }, { name: 'java' }], {
    prepare: (system) => void system.proc.start({ argv: ['java', 'a'] }, 500),
  });
  world.passes(15);
  world.system.proc.end(500);
  world.system.proc.start({ argv: ['java', 'b'] }, 501);
  world.passes(10);
  assert.equal(world.monitor.reports()[1]?.pid, 501);
  world.system.proc.end(501);
  world.passes(10);
  assert.ok(world.system.started.some(({ command }) => command.environment['PSAVER_PENT_ID'] === '2'));
});

test('of two entries that are due in one turn, nothing is done for the second when the first ends pcheck', () => {
  const world = createWorld([{ name: 'java', retry: 0 }, { name: 'nginx' }], {
    prepare(system) {
      system.proc.start({ argv: ['java'] }, 500);
      system.proc.start({ argv: ['nginx'] }, 501);
    },
  });
  world.system.proc.end(500);
  world.system.proc.end(501);
  world.passes(10);
  assert.deepEqual(world.ends, [1]);
  assert.equal(world.system.started.length, 0);
});

test('with GRACE shorter than restart_interval the first restart after clearing is at once', () => {
  const world = createWorld([{ name: 'java', graceSeconds: 20, restartIntervalSeconds: 600 }], {
    prepare: (system) => starting(system, JAVA),
  });
  world.passes(60);
  assert.equal(world.monitor.reports()[0]?.retryCount, 0);
  world.system.proc.end(world.monitor.reports()[0]?.pid ?? 0);
  world.passes(15);
  assert.equal(world.system.started.length, 2);
});

test('a pid that is reused by a matching process is another process', () => {
  const world = createWorld([{ name: 'java' }], {
    prepare: (system) => void system.proc.start({ argv: JAVA }, 500),
  });
  world.passes(5);
  world.system.proc.end(500);
  world.system.proc.start({ argv: JAVA }, 500);
  world.passes(10);
  assert.equal(world.log.filter((line) => line === '(java ,pid=500) Up').length, 2);
});

test('a /proc that cannot be looked at neither breaks a time-out nor the end, and leftovers are killed all the same', () => {
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 30 }], {
    prepare(system) {
      system.onScript = ({ process }) => {
        system.proc.start({ argv: JAVA, ppid: process.pid, processGroup: process.pid, session: process.pid });
      };
    },
  });
  world.passes(25);
  const { pids } = world.system.proc;
  world.system.proc.pids = () => {
    throw new Error('EMFILE');
  };
  world.passes(60);
  world.system.proc.pids = pids;
  world.passes(2);
  world.system.proc.pids = () => {
    throw new Error('EMFILE');
  };
  let isDone = false;
  world.monitor.close(() => {
    isDone = true;
  });
  world.passes(2);
  assert.equal(isDone, true);
  assert.equal(world.system.signals.at(-1)?.signal, 'SIGKILL');
});

test('a held process that becomes another program is let go at the next full check', () => {
  const world = createWorld([{ name: 'java' }], {
    prepare: (system) => void system.proc.start({ argv: JAVA }, 500),
  });
  world.passes(5);
  Object.assign(world.system.proc.get(500) ?? {}, { argv: ['sleep', '1'], comm: 'sleep' });
  world.passes(4.9);
  assert.equal(world.monitor.reports()[0]?.status, 'AVAIL');
  world.passes(0.2);
  assert.ok(world.log.includes('Process [java ,pid=500] Down'));
});

test('when the link of NAME is switched, the process under the old target stays held, and one under the new target is found', () => {
  const world = createWorld([{ name: '/usr/bin/java' }], {
    prepare(system) {
      for (const version of [17, 21]) system.disk.set(`/opt/jdk${version}/java`, '');
      system.disk.set('/usr/bin/java', '-> /opt/jdk17/java');
      system.proc.start({ argv: ['/opt/jdk17/java'] }, 500);
    },
  });
  const up = '(/usr/bin/java ,pid=500) Up';
  assert.deepEqual(world.log, [up]);
  world.system.disk.set('/usr/bin/java', '-> /opt/jdk21/java');
  world.passes(60);
  assert.deepEqual(world.log, [up]);
  world.system.proc.end(500);
  world.system.proc.start({ argv: ['/opt/jdk21/java'] }, 501);
  world.passes(10);
  assert.deepEqual(world.log, [up, '(/usr/bin/java ,pid=501) Up']);
  assert.equal(world.monitor.reports()[0]?.restartCount, 0);
});
