// Command lines of padmin as people type and paste them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { COMMANDS } from '../../../src/control/question.ts';
import { readPadminWords } from '../../../src/program/command-line.ts';
import { ExitError } from '../../../src/program/exit.ts';
import { plainOptions, readPadminOptions } from '../../../src/program/padmin-options.ts';

async function usageError(read: () => Promise<unknown>, text: RegExp): Promise<void> {
  await assert.rejects(
    read,
    (error) => error instanceof ExitError && error.status === 64 && text.test(error.message),
  );
}

test('the plain form is read as commander reads it, and nothing else is plain', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '-f',
      '-c',
      '--file',
      '-i',
      '--json',
      '-',
      '--',
      '',
      'p',
      '/etc/p',
      'show',
      'pent',
      'stop',
    ),
    fc.string(),
  );
  const words = fc.oneof(
    fc.array(word),
    fc.tuple(word, fc.array(word)).map(([file, command]) => ['-f', file, '-c', ...command]),
  );
  fc.assert(
    fc.property(words, (given) => {
      const plain = plainOptions(given);
      if (plain !== undefined) assert.deepEqual({ ...readPadminWords(given) }, plain);
    }),
    { numRuns: 2000 },
  );
  assert.deepEqual(plainOptions(['-f', '/etc/p', '-c', 'show', 'pent']), {
    file: '/etc/p',
    command: ['show', 'pent'],
  });
});

for (const [words, command] of [
  [['-f', 'p', '-c', 'show', 'pent'], 'show pent'],
  [['-f', 'p', '-c', 'show pent'], 'show pent'],
  [['-c', 'stop', '-f', 'p'], 'stop'],
  [['-c', 'show', 'param', '-f', 'p'], 'show param'],
] as const) {
  test(`padmin ${words.join(' ')} is the command ${command}`, async () => {
    assert.deepEqual(await readPadminOptions(words), {
      file: 'p',
      command,
      pentId: undefined,
      json: false,
      last: false,
    });
  });
}

test('padmin -i names one entry', async () => {
  const options = await readPadminOptions(['-f', 'p', '-c', 'stop', '-i', '2']);
  assert.equal(options?.pentId, 2);
});

test('padmin show pent takes --last, with -i and --json', async () => {
  assert.deepEqual(
    await readPadminOptions(['-f', 'p', '-c', 'show', 'pent', '--last', '--json', '-i', '2']),
    {
      file: 'p',
      command: 'show pent',
      pentId: 2,
      json: true,
      last: true,
    },
  );
});

for (const command of COMMANDS.filter((name) => name !== 'show pent')) {
  test(`--last with ${command} is told so, status 64`, async () => {
    const text = /--last does not go with ".*" \(only with show pent\); nothing was done/;
    await usageError(() => readPadminOptions(['-f', 'p', '-c', command, '--last']), text);
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
