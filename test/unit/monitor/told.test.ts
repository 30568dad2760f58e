// What has happened to entries and waits for a look.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntryEvent } from '../../../src/entry/types.ts';
import { newSlot } from '../../../src/monitor/slot.ts';
import { createTold, inOrder, type ToEvent } from '../../../src/monitor/told.ts';
import { NONE, PENT } from '../entry/story.ts';

function slotOf(id: number) {
  return newSlot(id, { ...PENT, id }, 10, { monotonic: 0, wall: 0 });
}

const STOP: ToEvent = () => ({ type: 'stop' });
const START: ToEvent = (observation) => ({ type: 'start', observation });

function typeOf(toEvent: ToEvent): EntryEvent['type'] {
  return toEvent(NONE).type;
}

test('the events of one slot are handed out one at a time, in their order, and none is lost', () => {
  const told = createTold();
  const slot = slotOf(1);
  told.add(slot, START);
  told.add(slot, STOP);
  told.observe(slot);
  assert.deepEqual(told.due(), [slot]);
  assert.equal(typeOf(told.take(slot)), 'start');
  assert.ok(told.has(slot));
  assert.deepEqual(told.due(), [slot], 'what it is told next needs a look of its own');
  assert.equal(typeOf(told.take(slot)), 'stop');
  assert.deepEqual(told.due(), [slot]);
  assert.equal(typeOf(told.take(slot)), 'observed');
  assert.ok(told.isEmpty() && !told.has(slot));
});

test('a slot is due once until it is told more', () => {
  const told = createTold();
  const slot = slotOf(1);
  told.add(slot, START);
  assert.deepEqual(told.due(), [slot]);
  assert.deepEqual(told.due(), []);
  assert.ok(told.has(slot), 'it waits for its look');
  told.add(slot, STOP);
  assert.deepEqual(told.due(), [slot]);
});

test('however often a slot is to be looked at, it is told so once', () => {
  const told = createTold();
  const slot = slotOf(1);
  for (let times = 0; times < 3; times++) told.observe(slot);
  assert.equal(typeOf(told.take(slot)), 'observed');
  assert.equal(told.has(slot), false);
});

test('who was told nothing has been looked at', () => {
  assert.equal(typeOf(createTold().take(slotOf(1))), 'observed');
});

test('a slot that is forgotten is told nothing', () => {
  const told = createTold();
  const slot = slotOf(1);
  told.add(slot, STOP);
  told.forget(slot);
  assert.ok(told.isEmpty() && !told.has(slot));
});

test('few and many are in the order of the pfile, without those that it has no more', () => {
  const slots = Array.from({ length: 20 }, (_, index) => slotOf(index + 1));
  const gone = slotOf(99);
  for (const count of [3, 20]) {
    const some = slots.slice(0, count);
    assert.deepEqual(inOrder(new Set([gone, ...some.toReversed()]), slots), some);
  }
});
