// The warnings of a good pfile: for people with a caret, for the log a line each, and not without end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMessage } from '../../../src/log/format.ts';
import { ExitError } from '../../../src/program/exit.ts';
import { loadPfile } from '../../../src/program/load-pfile.ts';
import { fakeFiles, lines, PARAM, PENT } from '../pfile/fakes.ts';

/** A pfile that is reached by a link, with so many entries that are warned of in the same column, and a good one. */
function loaded(entries: number) {
  const pents = Array.from({ length: entries }, (_, index) => `java${1000 + index}:/s.sh::::`);
  const text = lines(...PARAM, ...pents, PENT);
  const directory = { kind: 'directory' } as const;
  const files = fakeFiles({
    '/': directory,
    '/d': directory,
    '/p': { kind: 'file', text },
    '/link': { kind: 'file', target: '/p' },
  });
  return loadPfile('/link', files);
}

test('a warning is one message with file, line and column, under the real path of the pfile', async () => {
  const { warnings, messages } = await loaded(1);
  assert.deepEqual(messages.map(formatMessage), [
    '/p:3:19: warning: an empty option, ignored: remove the extra ":"',
  ]);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^\/link:3:19: warning: .*\n.*\n *\^$/);
});

test('a pfile without a warning has no message', async () => {
  assert.deepEqual((await loaded(0)).messages, []);
});

test('of very many warnings the first fifty are told, and how many more there are', async () => {
  assert.equal((await loaded(50)).messages.length, 50);
  const texts = (await loaded(60)).messages.map(formatMessage);
  assert.equal(texts.length, 51);
  assert.match(texts[49] ?? '', /^\/p:52:19: /);
  assert.equal(texts[50], '/p: 10 more warnings are not shown');
});

test('a pfile that gives no answer is status 66, one that names such a script is 65', async () => {
  const text = lines(...PARAM, 'java:/mnt/start.sh::::');
  const silent = { kind: 'file', isSilent: true } as const;
  const unreadable = loadPfile('/p', fakeFiles({ '/p': { ...silent, text } }));
  await assert.rejects(unreadable, (error: unknown) => {
    assert.ok(error instanceof ExitError);
    assert.equal(error.status, 66);
    assert.match(error.message, /^cannot read the pfile \/p: no answer within 5 s: is its file system stuck/);
    return true;
  });
  const refused = loadPfile('/p', fakeFiles({ '/p': { kind: 'file', text }, '/mnt': silent }));
  await assert.rejects(refused, (error: unknown) => {
    assert.ok(error instanceof ExitError);
    assert.equal(error.status, 65);
    assert.match(error.message, /^\/p:3:6: error: SCRIPT "\/mnt\/start\.sh" cannot be looked at/);
    assert.match(error.summary, /^\/p: 1 error, line 3: SCRIPT/);
    return true;
  });
});
