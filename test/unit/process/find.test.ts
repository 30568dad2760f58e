// Which of several matches is meant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { oldestRoot } from '../../../src/process/find.ts';

function match(pid: number, ppid: number, startTicks: number) {
  return { pid, ppid, startTicks, session: pid, startStack: 0 };
}

test('of no match none is meant', () => assert.equal(oldestRoot([]), undefined));

test('a child of a match is not meant, though it be older', () => {
  assert.equal(oldestRoot([match(20, 10, 1), match(10, 1, 5)])?.pid, 10);
});

test('of two roots the older one is meant', () => {
  assert.equal(oldestRoot([match(10, 1, 5), match(20, 1, 3)])?.pid, 20);
});

test('of two roots of the same tick the lower pid is meant', () => {
  assert.equal(oldestRoot([match(20, 1, 5), match(10, 1, 5)])?.pid, 10);
});

test('the order of the process table does not matter', () => {
  const matchArbitrary = fc.record({
    pid: fc.integer({ min: 2, max: 50 }),
    ppid: fc.integer({ min: 1, max: 50 }),
    startTicks: fc.nat(100),
    session: fc.constant(1),
    startStack: fc.constant(0),
  });
  const matchesArbitrary = fc.uniqueArray(matchArbitrary, { selector: ({ pid }) => pid });
  fc.assert(
    fc.property(matchesArbitrary, (matches) => {
      assert.deepEqual(oldestRoot([...matches].reverse()), oldestRoot(matches));
    }),
  );
});
