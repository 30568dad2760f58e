// Whom a look asks for one by one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createComers } from '../../../src/process/comers.ts';

test('one that was not there yet when its pid was given is asked for again, for a second and once more after it', () => {
  const comers = createComers();
  assert.deepEqual(comers.since(10, 12, 5), [11, 12]);
  comers.come(11);
  assert.deepEqual(comers.since(12, 12, 5.5), [12]);
  assert.deepEqual(comers.since(12, 13, 7), [12, 13]);
  comers.come(13);
  assert.deepEqual(comers.since(13, 13, 8), []);
});
