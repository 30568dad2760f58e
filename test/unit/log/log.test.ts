// When a message is passed on, and in which place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message } from '../../../src/log/catalogue.ts';
import { createLog } from '../../../src/log/log.ts';

test('what takes time to be known keeps its place, and is asked for when the turn is done', () => {
  const written: string[] = [];
  const turns: (() => void)[] = [];
  const log = createLog(
    () => ({ monotonic: 0, wall: 0 }),
    [({ text }) => void written.push(text)],
    false,
    (pass) => void turns.push(pass),
  );
  let line = 'not yet';
  log.write(message('down', { name: 'java', pid: 7 }));
  log.writeLater(() => [message('lastOutput', { name: 'java', what: 'script', line })]);
  log.write(message('tryRestart', { name: 'java' }));
  line = 'no such file';
  assert.deepEqual(written, []);
  for (const pass of turns) pass();
  assert.deepEqual(written, [
    'Process [java ,pid=7] Down',
    '(java) script wrote: no such file',
    'Try to restart (java)',
  ]);
  assert.equal(turns.length, 1);
});
