// Long times over Node's timers, which hold 2^31 ms at most. Node's own mocked timers stand in for hours.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { realClock } from '../../../src/system/real/clock.ts';

const HOUR_MILLISECONDS = 3_600_000;

/** The delays that Node was asked for, in order; time passes by `tick`. */
function watchTimers(t: TestContext): readonly number[] {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const asked: number[] = [];
  const mocked = globalThis.setTimeout;
  t.mock.method(globalThis, 'setTimeout', (callback: () => void, delay: number) => {
    asked.push(delay);
    return mocked(callback, delay);
  });
  return asked;
}

test('a time of many hours is over after these hours and not before, slept in pieces of an hour', (t) => {
  const asked = watchTimers(t);
  let calls = 0;
  realClock.after(2.5 * HOUR_MILLISECONDS, () => {
    calls += 1;
  });
  for (const hours of [1, 1, 0.49]) t.mock.timers.tick(hours * HOUR_MILLISECONDS);
  assert.equal(calls, 0);
  t.mock.timers.tick(0.01 * HOUR_MILLISECONDS);
  assert.equal(calls, 1);
  assert.deepEqual(asked, [HOUR_MILLISECONDS, HOUR_MILLISECONDS, 0.5 * HOUR_MILLISECONDS]);
});

test('a time beyond what a timer of Node can hold is not over at once', (t) => {
  watchTimers(t);
  const timer = realClock.after(2 ** 32, () => assert.fail('too early'));
  t.mock.timers.tick(HOUR_MILLISECONDS);
  timer.cancel();
  t.mock.timers.tick(HOUR_MILLISECONDS);
});

test('a long time that is cancelled in its second hour never comes', (t) => {
  watchTimers(t);
  const timer = realClock.after(3 * HOUR_MILLISECONDS, () => assert.fail('cancelled'));
  t.mock.timers.tick(HOUR_MILLISECONDS);
  t.mock.timers.tick(HOUR_MILLISECONDS / 2);
  timer.cancel();
  t.mock.timers.tick(5 * HOUR_MILLISECONDS);
});
