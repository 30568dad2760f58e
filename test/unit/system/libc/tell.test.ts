// What is thrown in a callback of koffi.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tell } from '../../../../src/system/real/libc/tell.ts';

test('what a callback throws is thrown where Node hears of it, and not where it was called', (t) => {
  const thrown: (() => void)[] = [];
  t.mock.method(globalThis, 'setImmediate', (throwIt: () => void) => void thrown.push(throwIt));
  tell((text: string) => {
    throw new Error(text);
  }, 'thrown');
  assert.equal(thrown.length, 1);
  assert.throws(() => thrown[0]?.(), /^Error: thrown$/);
  const told: number[] = [];
  tell((one: number, other: number) => void told.push(one, other), 1, 2);
  assert.deepEqual(told, [1, 2]);
});
