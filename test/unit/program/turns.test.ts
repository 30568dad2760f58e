// The longest turns of the loop, and the warning of one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMessage } from '../../../src/log/format.ts';
import { createTurns } from '../../../src/program/turns.ts';
import { createSimulatedClock } from '../../../src/system/simulated/clock.ts';

function world() {
  const clock = createSimulatedClock(0);
  let waited = 0;
  const log: string[] = [];
  const turns = createTurns({
    clock,
    cpuWait: () => waited,
    log: { write: (message) => void log.push(formatMessage(message)) },
  });
  return {
    clock,
    turns,
    log,
    /** One that takes so long, of which it waits so long for a CPU. */
    turn(milliseconds: number, waits = 0) {
      turns.begin();
      clock.holdUp(milliseconds);
      waited += waits;
      clock.advance(0);
    },
  };
}

test('the longest turn of the last hour and since the start are told, less the time without a CPU', () => {
  const { clock, turns, turn } = world();
  assert.deepEqual(turns.longest(), { lastHour: 0, sinceStart: 0 });
  turn(300, 100);
  turn(50);
  assert.deepEqual(turns.longest(), { lastHour: 200, sinceStart: 200 });
  clock.advance(40 * 60_000);
  turn(70);
  assert.deepEqual(turns.longest(), { lastHour: 200, sinceStart: 200 });
  clock.advance(30 * 60_000);
  assert.deepEqual(turns.longest(), { lastHour: 70, sinceStart: 200 });
  clock.advance(60 * 60_000);
  assert.deepEqual(turns.longest(), { lastHour: 0, sinceStart: 200 });
});

test('what happens at once behind the beginning of a turn belongs to it', () => {
  const { clock, turns } = world();
  turns.begin();
  clock.holdUp(20);
  turns.begin();
  clock.holdUp(30);
  clock.advance(0);
  assert.equal(turns.longest().sinceStart, 50);
});

test('a turn of more than a second is warned of, once an hour at most', () => {
  const { clock, turn, log } = world();
  turn(1400, 500);
  assert.deepEqual(log, []);
  turn(1400);
  turn(2000);
  const text = (seconds: string) =>
    `pcheck was held up for ${seconds} s: no death was seen, and padmin was not answered`;
  assert.deepEqual(log, [text('1.4')]);
  clock.advance(60 * 60_000);
  turn(1600);
  assert.deepEqual(log, [text('1.4'), text('1.6')]);
});
