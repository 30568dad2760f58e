// The warnings of a good pfile: for people with a caret, for the log a line each, and not without end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMessage } from '../../../src/log/format.ts';
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

test('a warning is one message with file, line and column, under the real path of the pfile', () => {
  const { warnings, messages } = loaded(1);
  assert.deepEqual(messages.map(formatMessage), [
    '/p:3:19: warning: an empty option, ignored: remove the extra ":"',
  ]);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^\/link:3:19: warning: .*\n.*\n *\^$/);
});

test('a pfile without a warning has no message', () => {
  assert.deepEqual(loaded(0).messages, []);
});

test('of very many warnings the first fifty are told, and how many more there are', () => {
  assert.equal(loaded(50).messages.length, 50);
  const texts = loaded(60).messages.map(formatMessage);
  assert.equal(texts.length, 51);
  assert.match(texts[49] ?? '', /^\/p:52:19: /);
  assert.equal(texts[50], '/p: 10 more warnings are not shown');
});
