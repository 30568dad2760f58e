import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diagnosticFormatter } from '../../../src/pfile/diagnostics.ts';

function shown(text: string, line: number, column: number, message = 'TEXT'): string[] {
  return diagnosticFormatter('p', text)({ line, column, code: 'bad-number', text: message }).split('\n');
}

test('when a diagnostic is shown, the line and a caret under its place follow', () => {
  assert.deepEqual(shown('a\nIPCKEY x\r\n', 2, 8), ['p:2:8: error: TEXT', 'IPCKEY x', '       ^']);
});

test('when it is a warning, the heading says so', () => {
  const warning = { line: 1, column: 1, code: 'quotes', text: 'T', severity: 'warning' } as const;
  assert.equal(diagnosticFormatter('p', '')(warning), 'p:1:1: warning: T\n\n^');
});

const CARET_CASES: ReadonlyArray<readonly [line: string, column: number, shown: string, caret: string]> = [
  ['\ta\tb', 4, '\ta\tb', '\t \t^'],
  ['日本:x', 4, '日本:x', '     ^'],
  ['か\u3099x', 3, 'か\u3099x', '  ^'],
  ['𠮷x', 2, '𠮷x', '  ^'],
  ['abc', 4, 'abc', '   ^'],
  ['\uFEFFabc', 2, 'abc', ' ^'],
  ['a\u001b[31m\u202ex', 2, 'a\uFFFD[31m\uFFFDx', ' ^'],
];

for (const [line, column, text, caret] of CARET_CASES) {
  test(`when the line is ${JSON.stringify(line)}, the caret for column ${column} stands under its character`, () => {
    assert.deepEqual(shown(line, 1, column).slice(1), [text, caret]);
  });
}

test('when a line is long, it is cut around the place', () => {
  const line = `${'a'.repeat(500)}X${'b'.repeat(500)}`;
  const [, text = '', caret = ''] = shown(line, 1, 501);
  assert.equal(text, `…${'a'.repeat(60)}X${'b'.repeat(39)}…`);
  assert.equal(text[caret.indexOf('^')], 'X');
});

test('when the path or the text hold control characters, they cannot reach the terminal', () => {
  const diagnostic = { line: 1, column: 1, code: 'quotes', text: 'a\nb' } as const;
  assert.equal(
    diagnosticFormatter('p\u001b]0;', 'x')(diagnostic).split('\n')[0],
    'p\uFFFD]0;:1:1: error: a\uFFFDb',
  );
});

test('any line is shown on one line, without control characters, within a hundred columns', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(300), (line, column) => {
      const parts = shown(line, 1, column + 1);
      assert.equal(parts.length, 3);
      assert.doesNotMatch(parts.join(''), /(?!\t)\p{Cc}/u);
      assert.ok([...(parts[1] ?? '')].filter((character) => !/\p{M}/u.test(character)).length <= 102);
    }),
  );
});
