// When memory is given back, told by heap sizes that are played.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemory } from '../../../src/system/real/memory.ts';

const MEBIBYTE = 1024 * 1024;

/** Seconds at which a collection came, of a heap that has so many mebibytes from each second on and is collected to 6. */
function collections(heap: readonly (readonly [second: number, mebibytes: number])[], end: number): number[] {
  const seconds: number[] = [];
  let [second, bytes] = [0, 0];
  const tidy = createMemory(
    () => {
      if (seconds.at(-1) !== second) seconds.push(second);
      bytes = 6 * MEBIBYTE;
    },
    () => bytes,
  );
  for (; second <= end; second += 10) {
    const grown = heap.find(([from]) => from === second);
    if (grown !== undefined) bytes = grown[1] * MEBIBYTE;
    tidy(second * 1000);
  }
  return seconds;
}

test('what the start took is given back after half a minute, and nothing more while nothing grows', () => {
  assert.deepEqual(collections([[0, 9]], 1000), [30]);
});

test('a heap that has grown by two mebibytes is collected, one that has grown by less is not', () => {
  assert.deepEqual(
    collections(
      [
        [0, 9],
        [100, 7],
        [200, 8],
      ],
      1000,
    ),
    [30, 200],
  );
});

test('collections are half a minute apart, however fast the heap grows', () => {
  const heap = Array.from({ length: 12 }, (_, index) => [index * 10, 20] as const);
  assert.deepEqual(collections(heap, 110), [30, 60, 90]);
});

test('without gc() nothing is done', () => {
  createMemory(undefined, () => assert.fail('asked'))(1e9);
});
