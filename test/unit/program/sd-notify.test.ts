// What a service manager is told, in virtual time: readiness, status, watchdog, reload, the end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pent } from '../../../src/pfile/types.ts';
import { createServiceManager, type ServiceManager } from '../../../src/program/sd-notify.ts';
import type { SimulatedSystem } from '../../../src/system/simulated/system.ts';
import type { Attempt } from '../../../src/system/types.ts';
import { createWorld, starting, type World } from '../monitor/world.ts';

const JAVA = ['/usr/bin/java', 'tomcat'];
const OWN_PID = 100;

type Told = {
  readonly world: World;
  readonly manager: ServiceManager;
  /** Datagrams since the last call. */
  news(): string[];
  /** What the next attempts come to. */
  passing(attempt: Attempt): void;
};

function tell(
  pents: readonly Partial<Pent>[],
  prepare: (system: SimulatedSystem) => void = () => undefined,
  environment: Readonly<Record<string, string>> = {},
): Told {
  let sent: string[] = [];
  let attempt: Attempt = 'written';
  const manager = createServiceManager({
    environment,
    ownPid: OWN_PID,
    monotonicMicroseconds: () => 123_456_789n,
    send(text) {
      if (attempt === 'written') sent.push(text);
      return attempt;
    },
  });
  const world = createWorld(pents, {
    prepare,
    overseer: () => ({ pulse: manager.pulse, onTurn: manager.update }),
  });
  return {
    world,
    manager,
    news() {
      const all = sent;
      sent = [];
      return all;
    },
    passing(next) {
      attempt = next;
    },
  };
}

function running(system: SimulatedSystem): void {
  system.proc.start({ argv: JAVA }, 500);
}

test('with every process there, pcheck is ready at its first look, and says it once', () => {
  const { world, news } = tell([{ name: 'java' }], running);
  assert.deepEqual(news(), ['READY=1\nSTATUS=1 of 1 entries available']);
  world.passes(1000);
  assert.deepEqual(news(), []);
});

test('an entry that is still looked for keeps READY back until its restart has begun, not until it is over', () => {
  const { world, news } = tell([{ name: 'java' }, { name: 'nginx', startWaitSeconds: 5 }], (system) => {
    running(system);
    starting(system, ['nginx'], 30);
  });
  assert.deepEqual(news(), ['STATUS=1 of 2 entries available; nginx: looked for']);
  world.passes(4.9);
  assert.deepEqual(news(), []);
  world.passes(0.2);
  assert.deepEqual(news(), ['READY=1\nSTATUS=1 of 2 entries available; nginx: restart script runs']);
  world.passes(60);
  assert.deepEqual(news(), ['STATUS=2 of 2 entries available']);
});

test('an entry that died meanwhile and waits for restart_delay does not keep READY back', () => {
  const pents = [
    { name: 'java', restartDelaySeconds: 60 },
    { name: 'nginx', startWaitSeconds: 15 },
  ];
  const { world, news } = tell(pents, running);
  world.system.proc.end(500);
  world.passes(14);
  assert.ok(!news().join().includes('READY'));
  world.passes(2);
  assert.deepEqual(news(), [
    'READY=1\nSTATUS=0 of 2 entries available; java: down, waits for restart_delay, nginx: restart script runs',
  ]);
});

test('the status follows every change, also one that padmin asked for', () => {
  const { world, news } = tell([{ name: 'java', action: 'continue', retry: 0 }], running);
  news();
  world.monitor.stop();
  world.monitor.stop();
  world.monitor.start();
  world.system.proc.end(500);
  world.passes(10);
  assert.deepEqual(news(), [
    'STATUS=1 of 1 entries available; java: monitoring off',
    'STATUS=1 of 1 entries available',
    'STATUS=0 of 1 entries available; java: retries used up',
  ]);
});

test('what the manager could not take is told with the next turn', () => {
  const { world, news, passing } = tell([{ name: 'java', startWaitSeconds: 5 }]);
  news();
  passing('later');
  world.passes(7);
  passing('written');
  world.passes(10);
  assert.deepEqual(news(), ['READY=1\nSTATUS=0 of 1 entries available; java: restart script runs']);
});

test('the watchdog is pinged at half of its time, from the first look on', () => {
  const { world, news } = tell([{ name: 'java' }], running, {
    WATCHDOG_USEC: '6000000',
    WATCHDOG_PID: '100',
  });
  const seconds: number[] = [];
  for (let tenth = 0; tenth < 300; tenth++) {
    if (news().some((line) => line.startsWith('WATCHDOG=1'))) seconds.push(tenth / 10);
    world.passes(0.1);
  }
  assert.deepEqual(seconds, [0, 3, 6, 9, 12, 15, 18, 21, 24, 27]);
});

test('until the start is over, a ping says that it may go on until the next ones are due', () => {
  const { world, news } = tell([{ name: 'java', startWaitSeconds: 7 }], undefined, {
    WATCHDOG_USEC: '6000000',
  });
  world.passes(13);
  const pings = news().filter((line) => line.startsWith('WATCHDOG=1'));
  const extending = 'WATCHDOG=1\nEXTEND_TIMEOUT_USEC=6000000';
  assert.deepEqual(pings, [extending, extending, extending, 'WATCHDOG=1', 'WATCHDOG=1']);
});

test('a ping that did not pass is tried again before the time is over', () => {
  const { world, news, passing } = tell([{ name: 'java' }], running, { WATCHDOG_USEC: '6000000' });
  world.passes(1);
  news();
  passing('later');
  world.passes(2.1);
  passing('written');
  world.passes(0.6);
  assert.deepEqual(news(), ['WATCHDOG=1']);
});

test('a loop that has given up pings no more', () => {
  const { world, news } = tell([{ name: 'java', retry: 0 }], running, { WATCHDOG_USEC: '1000000' });
  world.passes(5);
  world.system.proc.end(500);
  world.passes(10);
  assert.deepEqual(world.ends, [1]);
  news();
  world.passes(100);
  assert.deepEqual(news(), []);
});

const NO_PINGS: ReadonlyArray<readonly [string, Readonly<Record<string, string>>]> = [
  ['none are asked for', {}],
  ['they are another process’s task', { WATCHDOG_USEC: '1000000', WATCHDOG_PID: '101' }],
  ['WATCHDOG_PID is empty', { WATCHDOG_USEC: '1000000', WATCHDOG_PID: '' }],
  ['WATCHDOG_USEC is 0', { WATCHDOG_USEC: '0' }],
  ['WATCHDOG_USEC is no number', { WATCHDOG_USEC: '1e6' }],
];

for (const [why, environment] of NO_PINGS) {
  test(`there are no pings when ${why}`, () => {
    const { world, news } = tell([{ name: 'java' }], running, environment);
    world.passes(100);
    assert.deepEqual(news(), ['READY=1\nSTATUS=1 of 1 entries available']);
  });
}

test('a reload is told with its moment, and READY comes again when it is over', () => {
  const { world, manager, news } = tell([{ name: 'java' }], running);
  news();
  manager.reloading();
  world.passes(20);
  assert.deepEqual(news(), ['RELOADING=1\nMONOTONIC_USEC=123456789']);
  manager.reloaded();
  manager.reloaded();
  world.passes(20);
  assert.deepEqual(news(), ['READY=1']);
});

test('a reload during the start does not make pcheck ready before its time', () => {
  const { world, manager, news } = tell([{ name: 'java', startWaitSeconds: 5 }]);
  manager.reloading();
  manager.reloaded();
  world.passes(4);
  assert.ok(!news().join().includes('READY'));
  world.passes(2);
  assert.match(news().join(), /^READY=1\n/);
});

test('nothing is told after the end was', () => {
  const { world, manager, news } = tell([{ name: 'java' }], running);
  news();
  manager.stopping();
  manager.reloading();
  manager.reloaded();
  world.system.proc.end(500);
  world.passes(100);
  assert.deepEqual(news(), ['STOPPING=1']);
});
