// The queue before a way out: nothing is lost or doubled while there is room, and what is lost is counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createQueuedSink,
  type Line,
  type LineAttempt,
} from '../../../../src/system/real/sinks/queued-sink.ts';
import { createSimulatedClock } from '../../../../src/system/simulated/clock.ts';

const LIMITS = { lines: 100, firstRetryMilliseconds: 2, retryLines: 10 };

function stuckWay() {
  const clock = createSimulatedClock(0);
  const way = { room: 0, attempts: 0, taken: [] as string[], clock };
  function take(line: Line): LineAttempt {
    way.attempts += 1;
    if (way.room === 0) return 'later';
    way.room -= 1;
    way.taken.push(String(line));
    return 'written';
  }
  const queue = createQueuedSink(clock, take, (count) => `lost ${count}`, LIMITS);
  return { way, queue };
}

test('what does not fit is counted, and told when all that waits has gone', () => {
  const { way, queue } = stuckWay();
  for (let line = 0; line < 130; line++) queue.write(`${line}`);
  way.room = Infinity;
  way.clock.advance(10_000);
  assert.equal(way.taken.length, 101);
  assert.deepEqual(way.taken.slice(-2), ['99', 'lost 30']);
});

test('a turn that tells more than there is room for lets a reader that is merely slow catch up', () => {
  const { way, queue } = stuckWay();
  for (let line = 0; line < 1000; line++) {
    queue.write(`${line}`);
    // Timers do not run within a turn.
    if (line % 10 === 5) way.room += 10;
  }
  way.room = Infinity;
  way.clock.advance(10_000);
  assert.deepEqual(
    way.taken,
    Array.from({ length: 1000 }, (_, line) => `${line}`),
  );
});

test('one that takes nothing is asked ever more rarely', () => {
  const { way, queue } = stuckWay();
  queue.write('x');
  way.clock.advance(60_000);
  assert.ok(way.attempts < 40, `${way.attempts} attempts`);
});

test('the rest of a line that was taken in part goes before the next one', () => {
  const clock = createSimulatedClock(0);
  let taken = '';
  const queue = createQueuedSink(
    clock,
    (line) => {
      const bytes = Buffer.from(String(line));
      taken += bytes.subarray(0, 3).toString();
      return bytes.length <= 3 ? 'written' : { rest: bytes.subarray(3) };
    },
    String,
    LIMITS,
  );
  queue.write('one whole line.');
  queue.write('two');
  clock.advance(10_000);
  assert.equal(taken, 'one whole line.two');
});
