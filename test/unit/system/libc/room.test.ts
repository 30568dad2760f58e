// How many calls that may hang are in progress.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLanes, type Task } from '../../../../src/system/real/libc/lanes.ts';
import { createRoom } from '../../../../src/system/real/libc/room.ts';

test('there is room for a few, for three times as many with each wait for those that hang, and for a few again a second later', () => {
  let now = 0;
  const room = createRoom(2, () => now);
  const sizes: number[] = [];
  for (let wait = 0; wait < 4; wait++) {
    now += 100;
    const size = room.size();
    sizes.push(size);
    for (let count = 0; count < size; count++) room.foundHanging();
  }
  assert.deepEqual(sizes, [2, 6, 18, 54]);
  now += 1000;
  assert.equal(room.size(), 162);
  now += 1;
  assert.equal(room.size(), 2);
});

/** Tasks that are begun when they may be, and what ends them. */
function createTasks() {
  const begun: { readonly name: string; readonly done: () => void }[] = [];
  const hanging = new Set<string>();
  const task = (name: string): Task => ({
    begin: (done) => void begun.push({ name, done }),
    hangs: () => hanging.has(name),
    onHang: () => void begun.push({ name: `${name} hangs`, done: () => undefined }),
  });
  return { task, hanging, begun, names: () => begun.map(({ name }) => name) };
}

test('a task begins when there is room, in the order in which they were asked for', () => {
  const { task, begun, names } = createTasks();
  const lanes = createLanes(2);
  for (const name of ['one', 'two', 'three', 'four']) lanes.run(task(name));
  assert.deepEqual(names(), ['one', 'two']);
  begun[1]?.done();
  assert.deepEqual(names(), ['one', 'two', 'three']);
  for (const { done } of begun) done();
  assert.deepEqual(names(), ['one', 'two', 'three', 'four']);
  begun[3]?.done();
});

test('one that hangs makes way, one that works does not, however long, and a late end counts once', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { task, hanging, begun, names } = createTasks();
  const lanes = createLanes(1);
  for (const name of ['one', 'two', 'three', 'four', 'five']) lanes.run(task(name));
  t.mock.timers.tick(1000);
  assert.deepEqual(names(), ['one']);
  hanging.add('one');
  t.mock.timers.tick(100);
  // There is room for two more, as one was found to hang.
  assert.deepEqual(names(), ['one', 'one hangs', 'two', 'three', 'four']);
  begun[0]?.done();
  assert.equal(names().length, 5);
  begun[2]?.done();
  assert.equal(names().at(-1), 'five');
  for (const { done } of begun) done();
});
