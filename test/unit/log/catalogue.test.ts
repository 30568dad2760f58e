// The texts that log watchers match, pinned to the letter (SPEC 5, [C]).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue, message } from '../../../src/log/catalogue.ts';
import { formatMessage } from '../../../src/log/format.ts';

const name = '/usr/bin/java';

const COMPATIBLE = [
  [message('up', { name, pid: 12742 }), 'info', '(/usr/bin/java ,pid=12742) Up'],
  [message('down', { name, pid: 12742 }), 'warning', 'Process [/usr/bin/java ,pid=12742] Down'],
  [message('tryRestart', { name }), 'notice', 'Try to restart (/usr/bin/java)'],
  [message('setPidFail', { name }), 'warning', 'Set pid fail (/usr/bin/java)'],
  [message('retryOverExit', { name }), 'err', '(/usr/bin/java) RETRY_OVER:EXIT'],
  [message('retryOverContinue', { name }), 'err', '(/usr/bin/java) RETRY_OVER:CONTINUE'],
  [message('fatal', { name }), 'crit', '(/usr/bin/java) FATAL'],
  [message('sigterm', {}), 'notice', 'SIGTERM Catch (15)!!'],
  [message('stopped', {}), 'notice', 'Stop pcheck!!'],
  [
    message('commandExecute', { command: 'stop', pfile: '/etc/p' }),
    'notice',
    'Command execute. [stop] pfile=/etc/p',
  ],
] as const;

for (const [logMessage, level, text] of COMPATIBLE) {
  test(`${text} is written so, at level ${level}`, () => {
    assert.equal(formatMessage(logMessage), text);
    assert.equal(catalogue[logMessage.id].level, level);
  });
}

test('RETRY_OVER:SHUTDOWN, an extension, has the form and the level of its sisters', () => {
  assert.equal(formatMessage(message('retryOverShutdown', { name })), '(/usr/bin/java) RETRY_OVER:SHUTDOWN');
  assert.equal(catalogue.retryOverShutdown.level, catalogue.retryOverExit.level);
});

test('exactly these texts are marked as compatible', () => {
  const marked = Object.entries(catalogue).filter(([, entry]) => 'compatible' in entry);
  assert.deepEqual(marked.map(([id]) => id).sort(), COMPATIBLE.map(([{ id }]) => id as string).sort());
});

test('every message says what it means and what to do', () => {
  for (const [id, { meaning, action }] of Object.entries(catalogue)) {
    assert.match(meaning, /\.$/, id);
    assert.match(action, /\.$/, id);
  }
});
