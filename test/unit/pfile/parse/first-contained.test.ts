import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { firstContained } from '../../../../src/pfile/parse/first-contained.ts';

const CASES: ReadonlyArray<readonly [parts: string[], wholes: string[], first: string | undefined]> = [
  [['a'], ['bab'], 'a'],
  [['a'], ['b'], undefined],
  [[''], ['b'], undefined],
  [[], ['b'], undefined],
  [['a'], [], undefined],
  [['bc', 'x', 'c'], ['xabc'], 'bc'],
  [['abcd', 'bc'], ['abce'], 'bc'],
  [['x', 'bc'], ['ab', 'c'], undefined],
  [['日本', '本'], ['本日'], '本'],
];

for (const [parts, wholes, first] of CASES) {
  test(`of ${JSON.stringify(parts)} the first in ${JSON.stringify(wholes)} is ${first ?? 'none'}`, () => {
    assert.equal(firstContained(parts, wholes), first);
  });
}

test('whatever the strings, it is what comparing each with each finds', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(text), fc.array(text), (parts, wholes) => {
      const expected = parts.find((part) => part !== '' && wholes.some((whole) => whole.includes(part)));
      assert.equal(firstContained(parts, wholes), expected);
    }),
    { numRuns: 2000 },
  );
});
