// Command lines of pcheck as people type and paste them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPcheckOptions } from '../../../src/program/command-line.ts';
import { ExitError } from '../../../src/program/exit.ts';

function usageError(read: () => unknown, text: RegExp): void {
  assert.throws(
    read,
    (error) => error instanceof ExitError && error.status === 64 && text.test(error.message),
  );
}

test('pcheck -f PFILE is enough', () => {
  assert.deepEqual(readPcheckOptions(['-f', 'p']), { file: 'p', syslog: true });
});

test('pcheck takes its options in long form and any order', () => {
  assert.deepEqual(
    readPcheckOptions(['--no-syslog', '--json-log', 'j', '--verbose', '--test', '--file', 'p']),
    { file: 'p', syslog: false, jsonLog: 'j', verbose: true, test: true },
  );
});

for (const [what, words, text] of [
  ['no pfile', [], /required option '-f, --file <pfile>'/],
  ['-f without a value', ['-f'], /argument missing/],
  ['an unknown option', ['-f', 'p', '--tset'], /unknown option '--tset'[\s\S]*--test/],
  ['a word too many', ['-f', 'p', 'q'], /too many arguments/],
  ['an EN DASH', ['\u2013f', 'p'], /EN DASH \(U\+2013\).*Type "-f"/],
  ['a full-width hyphen', ['\uff0df', 'p'], /full-width hyphen/],
] as const) {
  test(`pcheck with ${what} is told so, status 64`, () => usageError(() => readPcheckOptions(words), text));
}
