// How a list lies in memory, and where it goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCallList } from '../../../../src/system/real/libc/call-list.ts';
import { loadLibc } from '../../../harness/libc.ts';

const { koffi } = loadLibc();

/** A list, and what lies at an address of it: the words of a call are in the order of its layout. */
function listWithMemory(capacity = 4096) {
  let memory: Buffer | undefined;
  const list = createCallList(
    {
      ...koffi,
      address(buffer: Buffer) {
        memory = buffer;
        return koffi.address(buffer);
      },
    },
    capacity,
  );
  assert.ok(memory !== undefined);
  const [bytes, base] = [memory, Number(koffi.address(memory))];
  const wordAt = (address: number) => Number(bytes.readBigInt64LE(address - base));
  return {
    list,
    words: (address: number) => Array.from({ length: 13 }, (_, index) => wordAt(address + index * 8)),
    textAt: (address: number) => bytes.toString('utf8', address - base, bytes.indexOf(0, address - base)),
  };
}

/** Where it goes on: below, at and above 0. */
function targetsOf(words: readonly number[]): readonly number[] {
  return words.slice(10);
}

test('a call is its function, six arguments, its number, two results, three targets', () => {
  const { list, words } = listWithMemory();
  const [one, other] = [list.area(8), list.area(8)];
  const call = list.add({ system: 39, arguments: [-1, 2 ** 40 + 5], results: [one.address, other.address] });
  assert.deepEqual(words(call.address), [
    0,
    -1,
    2 ** 40 + 5,
    0,
    0,
    0,
    0,
    39,
    one.address,
    other.address,
    0,
    0,
    0,
  ]);
  const next = list.add({ function: 2 ** 46 + 8 });
  assert.equal(words(next.address)[0], 2 ** 46 + 8);
  assert.equal(list.first(), call.address);
});

test('a result that nobody asks for goes to where nobody looks', () => {
  const { list, words } = listWithMemory();
  const area = list.area(8);
  const [, , , , , , , , one, other] = words(list.add({ system: 39 }).address);
  assert.equal(one, other);
  assert.ok(one !== undefined && one > 0 && one < area.address);
});

test('without a target it goes on with the call that is added next, the last one ends', () => {
  const { list, words } = listWithMemory();
  const one = list.add({ system: 39 });
  list.area(100);
  const two = list.add({ system: 39 });
  assert.deepEqual(targetsOf(words(one.address)), [two.address, two.address, two.address]);
  assert.deepEqual(targetsOf(words(two.address)), [0, 0, 0]);
});

for (const at of ['below', 'zero', 'above'] as const) {
  test(`a label that is placed later, and one that was placed before, are targets ${at}`, () => {
    const { list, words } = listWithMemory();
    const [before, later] = [list.label(), list.label()];
    list.place(before);
    const one = list.add({ system: 39, [at]: later });
    const two = list.add({ system: 39, [at]: before });
    list.place(later);
    const three = list.add({ system: 39 });
    const index = ['below', 'zero', 'above'].indexOf(at);
    const expect = (target: number, next: number) =>
      [0, 1, 2].map((each) => (each === index ? target : next));
    assert.deepEqual(targetsOf(words(one.address)), expect(three.address, two.address));
    assert.deepEqual(targetsOf(words(two.address)), expect(one.address, three.address));
  });
}

test('several labels may be placed at one call, and a call may be the target of many', () => {
  const { list, words } = listWithMemory();
  const labels = [list.label(), list.label()] as const;
  const calls = labels.map((label) => list.add({ system: 39, zero: label }));
  for (const label of labels) list.place(label);
  const target = list.add({ system: 39 });
  for (const call of calls) assert.equal(targetsOf(words(call.address))[1], target.address);
});

test('finish is what is added behind beginFinish, wherever it was meant', () => {
  const { list, words } = listWithMemory();
  const one = list.add({ system: 39, below: 'finish' });
  const two = list.add({ system: 39, zero: 'finish', above: 'finish' });
  list.beginFinish();
  const three = list.add({ system: 39 });
  assert.deepEqual(targetsOf(words(one.address)), [three.address, two.address, two.address]);
  assert.deepEqual(targetsOf(words(two.address)), [three.address, three.address, three.address]);
});

test('arguments, results and the next call can be changed', () => {
  const { list, words } = listWithMemory();
  const area = list.area(8);
  const call = list.add({ system: 39, arguments: [1, 2] });
  assert.equal(call.argument(1), call.address + 16);
  call.setArgument(1, -7);
  assert.equal(call.argumentValue(1), -7);
  call.setResults(area.address);
  call.setNext(area.address);
  const changed = words(call.address);
  assert.deepEqual([changed[1], changed[2], changed[8]], [1, -7, area.address]);
  assert.deepEqual(targetsOf(changed), [area.address, area.address, area.address]);
});

test('areas are zeroed, apart from each other, and hold signed numbers; texts end with a NUL', () => {
  const { list, textAt } = listWithMemory();
  const [one, other] = [list.area(3), list.area(16)];
  assert.ok(other.address >= one.address + 8);
  assert.ok(other.bytes.every((byte) => byte === 0));
  for (const number of [0, 1, -1, -38, 2 ** 31, -(2 ** 31), 2 ** 46 + 4096, 2 ** 32 - 1, 2 ** 32]) {
    other.setNumber(number, 8);
    assert.equal(other.number(8), number);
    assert.equal(Number(other.bytes.readBigInt64LE(8)), number);
  }
  assert.equal(textAt(list.text('/früh')), '/früh');
  assert.equal(textAt(list.text('')), '');
});

test('a list that is full says so, and nothing lies behind its end', () => {
  const { list } = listWithMemory(256);
  list.add({ system: 39 });
  list.add({ system: 39 });
  assert.throws(() => list.add({ system: 39 }), /256 bytes is full/);
});
