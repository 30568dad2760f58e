// LOOP_ALARM in virtual time: what alarm(2) is asked for. What the kernel then does: test/scenario/loop-alarm.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLoopAlarm } from '../../../src/program/loop-alarm.ts';
import { createWorld } from '../monitor/world.ts';

/** What alarm(2) was asked for and when, in seconds, by a monitor with nothing to do. */
function alarmsOf(seconds: () => number, passes: number): string[] {
  const alarms: string[] = [];
  let now = 0;
  const alarm = createLoopAlarm((wanted) => alarms.push(`${wanted} at ${now}`), seconds);
  const world = createWorld([{ name: 'java' }], {
    prepare: (system) => void system.proc.start({ argv: ['java'] }),
    overseer: (system) => ({
      pulse: {
        beat(moment) {
          now = Math.round(system.clock.now().monotonic) / 1000;
          alarm.pulse.beat(moment);
        },
        nextAt: alarm.pulse.nextAt,
      },
      onTurn: undefined,
    }),
  });
  world.passes(passes);
  alarm.disarm();
  alarm.disarm();
  return alarms;
}

test('every turn sets the alarm anew, an idle loop turns at a third of it, and the end takes it back once', () => {
  const expected = ['6 at 0', '6 at 2', '6 at 4', '6 at 6', '6 at 8', '6 at 10', '6 at 12', '0 at 12'];
  assert.deepEqual(
    alarmsOf(() => 6, 13),
    expected,
  );
});

test('without LOOP_ALARM alarm(2) is never called', () => {
  assert.deepEqual(
    alarmsOf(() => 0, 100),
    [],
  );
});

test('an alarm that a reload changes or takes away follows with the next turn', () => {
  const values = [30, 30, 6, 6, 0, 0];
  assert.deepEqual(
    alarmsOf(() => values.shift() ?? 0, 100),
    ['30 at 0', '30 at 10', '6 at 20', '6 at 22', '0 at 24'],
  );
});
