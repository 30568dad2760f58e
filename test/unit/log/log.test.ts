// When a message is passed on, and in which place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { message } from '../../../src/log/catalogue.ts';
import { createLog } from '../../../src/log/log.ts';

/** A log that is passed on when the test says so. */
function createPutOff() {
  const written: string[] = [];
  const turns: (() => void)[] = [];
  const log = createLog(
    () => ({ monotonic: 0, wall: 0 }),
    [({ text }) => void written.push(text)],
    false,
    (pass) => void turns.push(pass),
  );
  return { log, written, turns };
}

const DOWN = message('down', { name: 'java', pid: 7 });
const TRY = message('tryRestart', { name: 'java' });
const output = (line: string) => message('lastOutput', { name: 'java', what: 'script', line });

test('what takes time to be known keeps its place, and is asked for when the turn is done', () => {
  const { log, written, turns } = createPutOff();
  let line = 'not yet';
  log.write(DOWN);
  log.writeLater((write) => write([output(line)]));
  log.write(TRY);
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

test('what is written later waits for what is still being made, whatever is made first', () => {
  const { log, written, turns } = createPutOff();
  const makers: ((line: string) => void)[] = [];
  const later = () => log.writeLater((write) => void makers.push((line) => write([output(line)])));
  let isPassed = false;
  log.write(DOWN);
  later();
  log.write(TRY);
  later();
  log.whenPassed(() => {
    isPassed = true;
  });
  assert.deepEqual(written, ['Process [java ,pid=7] Down']);
  assert.equal(makers.length, 2);
  makers[1]?.('second');
  log.write(TRY);
  assert.equal(written.length, 1);
  assert.equal(isPassed, false);
  makers[0]?.('first');
  assert.deepEqual(written.slice(1), [
    '(java) script wrote: first',
    'Try to restart (java)',
    '(java) script wrote: second',
    'Try to restart (java)',
  ]);
  assert.equal(isPassed, true);
  log.write(DOWN);
  for (const pass of turns) pass();
  assert.equal(written.length, 6);
});

test('at the end nothing is waited for: what is not made is left out, however late it comes', () => {
  const { log, written } = createPutOff();
  let make: () => void = () => undefined;
  log.writeLater((write) => {
    make = () => write([output('late')]);
  });
  log.write(TRY);
  log.flush();
  make();
  assert.deepEqual(written, ['Try to restart (java)']);
  let isPassed = false;
  log.whenPassed(() => {
    isPassed = true;
  });
  assert.equal(isPassed, true);
});

test('a writer that logs itself is heard too', () => {
  const written: string[] = [];
  const log = createLog(
    () => ({ monotonic: 0, wall: 0 }),
    [
      ({ text }) => {
        written.push(text);
        if (written.length === 1) log.write(TRY);
      },
    ],
    false,
  );
  log.write(DOWN);
  assert.deepEqual(written, ['Process [java ,pid=7] Down', 'Try to restart (java)']);
});
