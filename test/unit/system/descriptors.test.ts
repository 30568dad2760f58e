// How many descriptors may be kept open for long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descriptorsFor } from '../../../src/system/real/descriptors.ts';

for (const [limit, outputs, ends] of [
  [20_000, 4984, 14_952],
  [1024, 240, 720],
  [128, 16, 48],
  [64, 0, 0],
  [10, 0, 0],
] as const) {
  test(`of ${limit} descriptors ${outputs} are for output files and ${ends} for ends, 64 for the rest`, () => {
    assert.equal(descriptorsFor('outputs', limit), outputs);
    assert.equal(descriptorsFor('ends', limit), ends);
  });
}

test('without a limit there is none', () => {
  assert.equal(descriptorsFor('ends', Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
});
