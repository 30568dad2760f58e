// Command lines as people type and paste them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '../../../src/control/question.ts';
import { readPadminOptions, readPcheckOptions } from '../../../src/program/command-line.ts';
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

for (const [words, command] of [
  [['-f', 'p', '-c', 'show', 'pent'], 'show pent'],
  [['-f', 'p', '-c', 'show pent'], 'show pent'],
  [['-c', 'stop', '-f', 'p'], 'stop'],
  [['-c', 'show', 'param', '-f', 'p'], 'show param'],
] as const) {
  test(`padmin ${words.join(' ')} is the command ${command}`, () => {
    assert.deepEqual(readPadminOptions(words), {
      file: 'p',
      command,
      pentId: undefined,
      json: false,
      last: false,
    });
  });
}

test('padmin -i names one entry', () => {
  assert.equal(readPadminOptions(['-f', 'p', '-c', 'stop', '-i', '2'])?.pentId, 2);
});

test('padmin show pent takes --last, with -i and --json', () => {
  assert.deepEqual(readPadminOptions(['-f', 'p', '-c', 'show', 'pent', '--last', '--json', '-i', '2']), {
    file: 'p',
    command: 'show pent',
    pentId: 2,
    json: true,
    last: true,
  });
});

for (const command of COMMANDS.filter((name) => name !== 'show pent')) {
  test(`--last with ${command} is told so, status 64`, () => {
    const text = /--last does not go with ".*" \(only with show pent\); nothing was done/;
    usageError(() => readPadminOptions(['-f', 'p', '-c', command, '--last']), text);
  });
}

for (const [what, words, text] of [
  ['no command', ['-f', 'p'], /required option '-c/],
  ['an unknown command', ['-f', 'p', '-c', 'dance'], /unknown command "dance" \(one of: show pent/],
  ['a mistyped command', ['-f', 'p', '-c', 'show', 'pnet'], /did you mean "show pent"\?/],
  ['an id that is none', ['-f', 'p', '-c', 'stop', '-i', '0'], /pent_id.*got "0"/],
  [
    '-i for a command that has no use for it',
    ['-f', 'p', '-c', 'shutdown', '-i', '1'],
    /-i does not go with "shutdown".*nothing was done/,
  ],
  [
    '--json for a command that shows nothing',
    ['-f', 'p', '-c', 'stop', '--json'],
    /--json does not go with "stop"/,
  ],
  ['an EM DASH before a long option', ['\u2014file', 'p'], /EM DASH.*Type "--file"/],
  ['an EN DASH before c', ['-f', 'p', '\u2013c', 'stop'], /EN DASH/],
] as const) {
  test(`padmin with ${what} is told so, status 64`, () => usageError(() => readPadminOptions(words), text));
}
