// Command lines as bytes: arguments apart and joined.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCommandLine } from '../../../src/process/command-line.ts';

function parse(text: string) {
  const line = parseCommandLine(Buffer.from(text));
  return line === undefined ? undefined : { argv: line.argv, joined: line.joined.toString() };
}

for (const [what, text, argv, joined] of [
  ['one argument', 'java\0', ['java'], 'java'],
  ['several arguments', 'java\0-x\0y\0', ['java', '-x', 'y'], 'java -x y'],
  ['an empty argument in the middle', 'a\0\0b\0', ['a', '', 'b'], 'a  b'],
  ['blanks inside an argument', 'a b\0c\0', ['a b', 'c'], 'a b c'],
  ['a newline inside an argument', 'a\nb\0', ['a\nb'], 'a\nb'],
  [
    'a title without a NUL (setproctitle)',
    'nginx: master process',
    ['nginx: master process'],
    'nginx: master process',
  ],
  ['a title padded with NULs', 'nginx: worker\0\0\0\0', ['nginx: worker'], 'nginx: worker'],
  ['Japanese arguments', 'サービス\0起動\0', ['サービス', '起動'], 'サービス 起動'],
] as const) {
  test(`${what} is read as it is`, () => assert.deepEqual(parse(text), { argv, joined }));
}

test('nothing and NULs alone are no command line', () => {
  assert.equal(parse(''), undefined);
  assert.equal(parse('\0\0'), undefined);
});

test('all arguments are in the joined line, the first twelve in argv', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ minLength: 1 }).filter((word) => !word.includes('\0')),
        { minLength: 1 },
      ),
      (words) => {
        assert.deepEqual(parse(words.map((word) => `${word}\0`).join('')), {
          argv: words.slice(0, 12).map((word) => Buffer.from(word).toString()),
          joined: Buffer.from(words.join(' ')).toString(),
        });
      },
    ),
  );
});
