// A process name cannot forge a log line or drive a terminal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { message } from '../../../src/log/catalogue.ts';
import { formatMessage } from '../../../src/log/format.ts';
import { visible, visibleJson, visibleLines } from '../../../src/log/visible.ts';

for (const [what, value, shown] of [
  ['a newline', 'a\nb', 'a\\x0ab'],
  ['an escape sequence', '\x1b[31mred', '\\x1b[31mred'],
  ['a C1 control', '\x9b31m', '\\x9b31m'],
  ['a line separator', 'a\u2028b', 'a\\u2028b'],
  ['a direction mark', 'a\u202eb', 'a\\u202eb'],
  ['Japanese', 'サービス', 'サービス'],
  ['braces', '{pid} {name}', '{pid} {name}'],
  ['a dollar pattern', '$& $1', '$& $1'],
] as const) {
  test(`${what} in a name is shown as ${shown}`, () => {
    assert.equal(formatMessage(message('up', { name: value, pid: 1 })), `(${shown} ,pid=1) Up`);
  });
}

test('whatever a name holds, the line stays one line of printable text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      assert.doesNotMatch(formatMessage(message('up', { name, pid: 1 })), /[\p{Cc}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('an endless name is cut', () => {
  assert.equal([...visible('x'.repeat(10_000))].length, 501);
});

test('a text of several lines keeps its lines and tabs, and nothing else that is not printed', () => {
  assert.equal(visibleLines('a\tb\n\x1b[2Jc\r\u202e\n'), 'a\tb\n\\x1b[2Jc\\x0d\\u202e\n');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = visibleLines(text);
      assert.doesNotMatch(shown, /[\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/u);
      assert.equal(shown.split('\n').length, text.split('\n').length);
    }),
  );
});

test('JSON says the same, whatever is in it, and drives no terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = visibleJson(JSON.stringify({ text }));
      assert.deepEqual(JSON.parse(json), { text });
      assert.doesNotMatch(json, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});
