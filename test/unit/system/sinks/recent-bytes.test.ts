// The last bytes of a stream by their position in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRecentBytes } from '../../../../src/system/real/sinks/recent-bytes.ts';

const CAPACITY = 16;

test('what is at most as far back as there is room for comes back, however it was added', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }));
  fc.assert(
    fc.property(pieces, fc.nat(CAPACITY), (given, back) => {
      const recent = createRecentBytes(CAPACITY);
      for (const piece of given) recent.add(Buffer.from(piece));
      const all = Buffer.concat(given);
      assert.equal(recent.total(), all.length);
      const from = Math.max(0, all.length - back);
      assert.deepEqual(recent.since(from), all.subarray(from));
    }),
  );
});

test('what is further back is not made up', () => {
  const recent = createRecentBytes(CAPACITY);
  recent.add(Buffer.alloc(CAPACITY + 1, 'x'));
  assert.equal(recent.since(0).length, 0);
});

test('a new stream begins at 0', () => {
  const recent = createRecentBytes(CAPACITY);
  recent.add(Buffer.from('old'));
  recent.clear();
  recent.add(Buffer.from('new'));
  assert.equal(recent.since(0).toString(), 'new');
});
