// Who has come, told by the last pid that was given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNewPids, seesForks } from '../../../../src/system/real/proc/new-pids.ts';

const OWN_PID = 5;

function createWorld(lastPid: number, isLastPidTrue = true) {
  const world = { lastPid, uptimeSeconds: 5, there: new Set<number>(), lists: 0 };
  const newPids = createNewPids({
    lastPid: () => world.lastPid,
    isLastPidTrue,
    listPids() {
      world.lists += 1;
      return Int32Array.from(world.there);
    },
    isThere: (pid) => world.there.has(pid),
    ownPid: OWN_PID,
    uptimeSeconds: () => world.uptimeSeconds,
  });
  return { world, newPids };
}

test('one that was not there yet when its pid was given is asked for again, for a second and once more after it', () => {
  const { world, newPids } = createWorld(10);
  newPids();
  world.lastPid = 12;
  assert.deepEqual(newPids(), { are: 'these', pids: [] });
  world.there.add(11);
  world.uptimeSeconds = 5.5;
  assert.deepEqual(newPids(), { are: 'these', pids: [11] });
  world.lastPid = 13;
  world.there.add(13);
  world.uptimeSeconds = 7;
  assert.deepEqual(newPids(), { are: 'these', pids: [13] });
  world.there.add(12);
  assert.deepEqual(newPids(), { are: 'these', pids: [] });
});

test('a few that have come are asked for one by one, of many all are listed', () => {
  const { world, newPids } = createWorld(100);
  assert.equal(newPids().are, 'anew');
  world.lastPid = 164;
  world.there.add(150);
  assert.deepEqual(newPids(), { are: 'these', pids: [150] });
  assert.equal(world.lists, 1);
  world.lastPid = 229;
  assert.deepEqual(newPids(), {
    are: 'all',
    pids: Int32Array.of(150),
    reusedAbove: 164,
    reusedUpTo: 229,
  });
});

test('a lower last pid says that pids have begun again', () => {
  const { world, newPids } = createWorld(32_000);
  newPids();
  world.lastPid = 301;
  assert.equal(newPids().are, 'anew');
  world.lastPid = 302;
  assert.equal(newPids().are, 'these');
});

test('pcheck itself has not come', () => {
  const { world, newPids } = createWorld(4);
  newPids();
  world.lastPid = 6;
  world.there.add(OWN_PID).add(6);
  assert.deepEqual(newPids(), { are: 'these', pids: [6] });
});

test('a last pid that no fork moves is not used: every time all are listed', () => {
  const { world, newPids } = createWorld(10, false);
  world.there.add(11);
  for (let look = 0; look < 3; look++)
    assert.deepEqual(newPids(), { are: 'all', pids: Int32Array.of(11), reusedAbove: 0, reusedUpTo: 0 });
  assert.equal(world.lists, 3);
});

test('where the list fails, the next one tells who has come all the same', () => {
  const { world, newPids } = createWorld(10);
  newPids();
  world.lastPid = 9;
  const { there } = world;
  Object.defineProperty(world, 'there', {
    configurable: true,
    get() {
      throw new Error('EMFILE');
    },
  });
  assert.throws(newPids, /EMFILE/);
  Object.defineProperty(world, 'there', { value: there });
  assert.equal(newPids().are, 'anew');
});

for (const [what, forks, expected] of [
  ['moves with each fork', [{ before: 10, pid: 11, after: 11 }], true],
  ['is ahead, since others fork too', [{ before: 10, pid: 14, after: 20 }], true],
  ['stands still', [{ before: 10, pid: 40, after: 10 }], false],
  ['is another machine’s', [{ before: 90_000, pid: 40, after: 90_002 }], false],
  [
    'has moved only once',
    [
      { before: 10, pid: 11, after: 11 },
      { before: 11, pid: 12, after: 11 },
    ],
    false,
  ],
  ['was never seen', [], false],
] as const) {
  test(`the last pid ${what}: ${expected ? 'it is used' : 'it is not used'}`, () => {
    assert.equal(seesForks(forks), expected);
  });
}
