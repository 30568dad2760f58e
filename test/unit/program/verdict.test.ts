// The verdict file over the life of a monitor in virtual time: what is written, when, and with which stamp.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newEntry } from '../../../src/entry/transition.ts';
import { formatMessage } from '../../../src/log/format.ts';
import type { Pent } from '../../../src/pfile/types.ts';
import { createVerdictKeeper, type VerdictKeeper } from '../../../src/program/verdict.ts';
import { createSimulatedClock } from '../../../src/system/simulated/clock.ts';
import { createSimulatedSystem } from '../../../src/system/simulated/system.ts';
import type { Clock } from '../../../src/system/types.ts';
import { PENT } from '../entry/story.ts';
import { createWorld, type World } from '../monitor/world.ts';

const JAVA: Partial<Pent> = { name: 'java', retry: 0, action: 'continue', startWaitSeconds: 0 };

type Faults = { write: string | undefined; uptime: Error | undefined };

type Kept = {
  readonly verdict: VerdictKeeper;
  /** Every verdict that was written, as `SECOND: VERDICT until SECOND`. */
  readonly written: string[];
  readonly log: string[];
  /** What writing, and reading the clock, fail with. */
  readonly faults: Faults;
};

function keep(clock: Clock, intervalSeconds = 10): Kept {
  const written: string[] = [];
  const log: string[] = [];
  const faults: Faults = { write: undefined, uptime: undefined };
  const verdict = createVerdictKeeper({
    putOff: (task) => task(),
    file: {
      path: '/run/verdict',
      link: '/dump.verdict',
      write(text) {
        if (faults.write !== undefined) return faults.write;
        const [line = '', stamp = ''] = text.split('\n');
        const [at, until] = stamp.split(' ').map(Number);
        written.push(`${at}: ${line} until ${until}`);
        return undefined;
      },
      makeLink: (onEnd) => onEnd(faults.write),
    },
    log: { write: (message) => void log.push(formatMessage(message)) },
    pid: 77,
    ipckey: () => 1,
    uptimeSeconds() {
      if (faults.uptime !== undefined) throw faults.uptime;
      return clock.now().monotonic / 1000;
    },
    monitorIntervalSeconds: () => intervalSeconds,
  });
  return { verdict, written, log, faults };
}

/** The verdict on a monitor of these entries, of which only java is there; its MONITOR_INTERVAL is 10 s. */
function watch(pents: readonly Partial<Pent>[] = [JAVA]): Kept & { readonly world: World } {
  const system = createSimulatedSystem();
  system.proc.start({ argv: ['java'] });
  const kept = keep(system.clock);
  kept.verdict.begin();
  const overseer = () => ({ pulse: kept.verdict.pulse, onTurn: kept.verdict.update });
  return { ...kept, world: createWorld(pents, { system, overseer }) };
}

test('it is starting until every entry has been looked at, then ok', () => {
  const { written } = watch();
  assert.deepEqual([...new Set(written)], ['0: starting until 30', '0: ok until 30']);
});

test('an entry that is looked for keeps it starting; one that is given up makes it degraded, until its process is back', () => {
  const { world, written } = watch([JAVA, { ...JAVA, name: 'nginx', startWaitSeconds: 3 }]);
  world.passes(2);
  assert.deepEqual([...new Set(written)], ['0: starting until 30']);
  world.passes(3);
  assert.equal(written.at(-1), '0: degraded (nginx) RETRY_OVER:CONTINUE until 30');
  world.system.proc.start({ argv: ['nginx'] });
  world.passes(5);
  assert.equal(written.at(-1), '10: ok until 40');
});

test('one that is being restarted, or whose monitoring is off, is no matter of a manager', () => {
  const { world, written } = watch([
    { ...JAVA, retry: 1 },
    { ...JAVA, name: 'cron', retry: 1 },
  ]);
  world.monitor.stop([2]);
  world.system.proc.end(world.monitor.reports()[0]?.pid ?? 0);
  world.passes(15);
  assert.equal(world.monitor.reports()[0]?.status, 'RESTART');
  assert.equal(written.at(-1), '10: ok until 40');
});

test('an idle loop stamps it at its full checks and wakes for nothing else', () => {
  const { world, written } = watch();
  written.length = 0;
  world.passes(30);
  assert.deepEqual(written, ['10: ok until 40', '20: ok until 50', '30: ok until 60']);
});

test('while the loop does not turn the stamp stays, whatever padmin asks for meanwhile', () => {
  const { world, written } = watch([{ ...JAVA, retry: 0 }]);
  written.length = 0;
  world.system.clock.holdUp(60_000);
  world.system.proc.end(world.monitor.reports()[0]?.pid ?? 0);
  world.monitor.stop();
  world.monitor.start();
  assert.deepEqual(written, ['0: degraded (java) RETRY_OVER:CONTINUE until 30']);
});

test('a turn that comes a little before the stamp is due sets it, so that no wake-up is spent on it', () => {
  const clock = createSimulatedClock(0);
  const { verdict, written } = keep(clock);
  verdict.pulse.beat(0);
  clock.advance(7000);
  verdict.pulse.beat(7000);
  clock.advance(1000);
  verdict.pulse.beat(8000);
  assert.deepEqual(written, ['0: starting until 30', '8: starting until 38']);
  assert.equal(verdict.pulse.nextAt(), 18_000);
});

for (const [interval, moments] of [
  [0.1, ['1: ok until 6', '2: ok until 7']],
  [4, ['4: ok until 16', '8: ok until 20']],
  [15, ['7.5: ok until 30', '15: ok until 37.5']],
  [86_400, ['10: ok until 40', '20: ok until 50']],
] as const) {
  test(`with MONITOR_INTERVAL ${interval} it is stamped at an even part of it, of 1 to 10 s, and good for three, or 5 s`, () => {
    const clock = createSimulatedClock(0);
    const { verdict, written } = keep(clock, interval);
    verdict.begin();
    verdict.pulse.beat(0);
    const entry = newEntry({ ...PENT }, 10, clock.now());
    verdict.update([{ ...entry, phase: { is: 'holding', until: 0 } }]);
    written.length = 0;
    for (const _ of moments) {
      clock.advance(verdict.pulse.nextAt() - clock.now().monotonic);
      verdict.pulse.beat(clock.now().monotonic);
      // A turn for another reason, soon after, is no new stamp.
      verdict.pulse.beat(clock.now().monotonic + 1);
    }
    assert.deepEqual(written, moments);
  });
}

for (const [status, expected] of [
  [0, 'stopped'],
  [1, 'failed (java) RETRY_OVER:EXIT'],
  [70, 'failed a defect of pcheck: see its log'],
] as const) {
  test(`the end with status ${status} leaves: ${expected}`, () => {
    const clock = createSimulatedClock(0);
    const { verdict, written } = keep(clock);
    verdict.begin();
    clock.advance(3000);
    if (status === 1) verdict.failed(newEntry(PENT, 10, clock.now()));
    verdict.end(status);
    assert.deepEqual(written.slice(1), [`3: ${expected} until 33`]);
  });
}

test('a retry-over that comes too late to decide the status is no failure', () => {
  const { verdict, written } = keep(createSimulatedClock(0));
  verdict.failed(newEntry(PENT, 10, { monotonic: 0, wall: 0 }));
  verdict.end(0);
  assert.equal(written.at(-1), '0: stopped until 30');
});

test('a verdict that cannot be written is a warning, told once, and written again when it can', () => {
  const { world, written, log, faults } = watch();
  faults.write = 'ENOSPC';
  world.passes(30);
  assert.deepEqual(log, ['the verdict cannot be written: /run/verdict: ENOSPC']);
  faults.write = undefined;
  world.passes(10);
  assert.equal(written.at(-1), '40: ok until 70');
});

test('a link that cannot be made is a warning too', () => {
  const { verdict, log, faults } = keep(createSimulatedClock(0));
  faults.write = 'EROFS';
  verdict.begin();
  assert.deepEqual(
    log,
    ['/run/verdict', '/dump.verdict'].map((file) => `the verdict cannot be written: ${file}: EROFS`),
  );
});

test('without a clock to read the loop goes on, and the verdict becomes stale but is told', () => {
  const { world, written, log, faults } = watch();
  faults.uptime = new Error('EMFILE');
  world.system.proc.end(world.monitor.reports()[0]?.pid ?? 0);
  world.passes(20);
  assert.equal(written.at(-1), '0: degraded (java) RETRY_OVER:CONTINUE until 30');
  assert.deepEqual(log, ['the verdict cannot be written: /proc/uptime: EMFILE']);
});
