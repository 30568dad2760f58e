// How long an answer is waited for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awaitedSince, isInTime } from '../../../src/process/awaited.ts';

test('an answer may come until its limit, and a moment longer', () => {
  const awaited = awaitedSince(1000);
  assert.ok(isInTime(awaited, 1199, 200));
  assert.ok(isInTime(awaited, 1200, 200), 'found to be overdue now');
  assert.ok(isInTime(awaited, 1209, 200));
  assert.equal(isInTime(awaited, 1210, 200), false);
});

test('loop held up is not late', () => {
  const awaited = awaitedSince(1000);
  assert.ok(isInTime(awaited, 1100, 200));
  assert.ok(isInTime(awaited, 60_000, 200), 'what has come meanwhile is heard first');
  assert.equal(isInTime(awaited, 60_010, 200), false);
});
