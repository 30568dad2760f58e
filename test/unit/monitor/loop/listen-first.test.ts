// Timers that judge whether something was in time: what happened while the loop was held up is heard before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterListening, whenHeard } from '../../../../src/monitor/loop/listen-first.ts';
import { createSimulatedClock } from '../../../../src/system/simulated/clock.ts';

test('in time it calls back at its moment, once', () => {
  const clock = createSimulatedClock(0);
  const calls: number[] = [];
  afterListening(clock, 1000, () => calls.push(clock.now().monotonic));
  clock.advance(5000);
  assert.deepEqual(calls, [1000]);
});

test('one that is cancelled never calls back, at whatever stage it is', () => {
  for (const heldUp of [0, 500, 1500, 1999]) {
    const clock = createSimulatedClock(0);
    const timer = afterListening(clock, 1000, () => assert.fail());
    clock.holdUp(heldUp);
    clock.advance(heldUp > 1000 ? 400 : 0);
    timer.cancel();
    clock.advance(10_000);
  }
});

for (const [heldUp, calledAt] of [
  // What was lost is given back, but never more than the time itself.
  [1600, 2200],
  [60_000, 61_000],
  // A busy machine, no more.
  [1050, 1050],
] as const) {
  test(`held up until ${heldUp} ms, a time of 1000 ms is over at ${calledAt} ms`, () => {
    const clock = createSimulatedClock(0);
    const calls: number[] = [];
    afterListening(clock, 1000, () => calls.push(clock.now().monotonic));
    clock.holdUp(heldUp);
    clock.advance(5000);
    assert.deepEqual(calls, [calledAt]);
  });
}

test('what is told in the first turns after that is heard before', () => {
  const clock = createSimulatedClock(0);
  const told: string[] = [];
  const timer = afterListening(clock, 1000, () => told.push('late'));
  clock.holdUp(60_000);
  // That it has begun, and then that it has ended.
  clock.after(0, () => {
    clock.after(0, () => {
      told.push('ended');
      timer.cancel();
    });
  });
  clock.advance(60_000);
  assert.deepEqual(told, ['ended']);
});

test('listening takes some turns of the loop and no time', () => {
  const clock = createSimulatedClock(0);
  const told: string[] = [];
  whenHeard(clock, () => told.push('heard'));
  clock.after(0, () => void clock.after(0, () => told.push('second turn')));
  clock.advance(0);
  assert.deepEqual(told, ['second turn', 'heard']);
  whenHeard(clock, () => assert.fail()).cancel();
  clock.advance(0);
});
