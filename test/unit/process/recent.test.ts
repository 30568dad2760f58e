// Whom a quick look may have to read again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecent } from '../../../src/process/recent.ts';

test('those that began since are told, the youngest first, with those that are not read yet', () => {
  const recent = createRecent();
  recent.addRead(10, 100);
  recent.addRead(11, 200);
  recent.addUnread(5);
  recent.addRead(12, 300);
  assert.deepEqual(recent.since(200), [5, 12, 11]);
  assert.deepEqual(recent.since(301), [5]);
  assert.deepEqual(recent.since(0), [5, 12, 11, 10]);
});

test('one that has been read is told by its age alone', () => {
  const recent = createRecent();
  recent.addUnread(5);
  recent.addRead(5, 100);
  assert.deepEqual(recent.since(101), []);
  assert.deepEqual(recent.since(100), [5]);
});

test('pids that have begun again are in the order of their starts all the same', () => {
  const recent = createRecent();
  recent.addRead(7, 500);
  recent.addRead(4_194_303, 100);
  recent.addRead(4_194_302, 90);
  assert.deepEqual(recent.since(100), [7, 4_194_303]);
});

test('after clearing nobody is recent', () => {
  const recent = createRecent();
  recent.addUnread(5);
  recent.addRead(7, 500);
  recent.clear();
  assert.deepEqual(recent.since(0), []);
});
