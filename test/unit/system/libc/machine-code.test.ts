// The instructions, as this processor runs them; of those for the other one, what can be seen from outside.
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { Area } from '../../../../src/system/real/libc/call-list.ts';
import { codeFor, loadMachineCode } from '../../../../src/system/real/libc/machine-code.ts';
import type { ThreadList } from '../../../../src/system/real/libc/threads.ts';
import { loadLibc } from '../../../harness/libc.ts';

const { libc, threads, code, calls } = loadLibc();
const MMAP = process.arch === 'arm64' ? 222 : 9;
const [PROT_READ, MAP_PRIVATE] = [1, 2];
const PAGE = 65_536;

function addressOf(name: string): number {
  return Number(libc.symbol(name, 'void'));
}

/** Makes the calls of a new list. */
async function run<Kept>(build: (list: ThreadList) => Kept, capacity = 4096): Promise<Kept> {
  const list = threads.newList(capacity);
  const kept = build(list);
  list.seal();
  await new Promise<void>((done) => {
    assert.equal(
      threads.run(list, () => setImmediate(done)),
      undefined,
    );
  });
  return kept;
}

for (const [result, expected] of [
  [-3, 'below'],
  [0, 'zero'],
  [3, 'above'],
  [-(2 ** 40), 'below'],
  [2 ** 40, 'above'],
] as const) {
  test(`a result of ${result} goes on ${expected}`, async () => {
    const taken = await run((list) => {
      const ways = ['below', 'zero', 'above'] as const;
      const labels = { below: list.label(), zero: list.label(), above: list.label() };
      const words = ways.map((): Area => list.area(8));
      list.add({ function: code.add, arguments: [result, 0], ...labels });
      ways.forEach((way, index) => {
        list.place(labels[way]);
        list.add({
          function: code.add,
          arguments: [1, 0],
          results: [words[index]?.address ?? 0],
          above: 'finish',
        });
      });
      return () => ways.filter((_, index) => words[index]?.number() === 1);
    });
    assert.deepEqual(taken(), [expected]);
  });
}

test('a result goes to both places, also into the arguments of later calls', async () => {
  const sum = await run((list) => {
    const [one, two] = [list.area(8), list.area(8)];
    const first = list.add({ function: code.add, arguments: [40, 2] });
    const second = list.add({ function: code.add, results: [one.address, two.address] });
    first.setResults(second.argument(0), second.argument(1));
    return () => [one.number(), two.number()];
  });
  assert.deepEqual(sum(), [84, 84]);
});

test('a system call that fails is a negative errno; one that does not is what it answers', async () => {
  const answers = await run((list) => {
    const words = [list.area(8), list.area(8)] as const;
    list.add({ system: calls.close, arguments: [-1], results: [words[0].address] });
    list.add({ system: calls.getpid, results: [words[1].address] });
    return () => words.map((word) => word.number());
  });
  assert.deepEqual(answers(), [-9, process.pid]);
});

for (const [kind, call] of [
  ['a system call', { system: MMAP }],
  ['a function', { function: addressOf('mmap') }],
] as const) {
  test(`${kind} gets all six arguments`, async (t) => {
    const file = join(temporary(t), 'file');
    writeFileSync(file, `${'.'.repeat(PAGE)}second`);
    const descriptor = openSync(file, 'r');
    t.after(() => closeSync(descriptor));
    const text = await run((list) => {
      const bytes = list.area(8);
      const map = list.add({ ...call, arguments: [0, PAGE, PROT_READ, MAP_PRIVATE, descriptor, PAGE] });
      const copy = list.add({ function: addressOf('memcpy'), arguments: [bytes.address, 0, 6] });
      map.setResults(copy.argument(1));
      return () => bytes.bytes.toString('latin1', 0, 6);
    });
    assert.equal(text(), 'second');
  });
}

function temporary(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'psaver-code-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('each NUL becomes a blank, those at the end do not count, and nothing else is touched', async () => {
  const bytes = fc
    .uint8Array({ maxLength: 300 })
    .map((array) => array.map((byte) => (byte < 100 ? 0 : byte)));
  await fc.assert(
    fc.asyncProperty(bytes, fc.nat(40), async (given, zeros) => {
      const line = Buffer.concat([given, Buffer.alloc(zeros)]);
      const joined = await run((list) => {
        const [before, text, behind, length] = [
          list.area(8),
          list.area(line.length),
          list.area(8),
          list.area(8),
        ];
        line.copy(text.bytes);
        before.setNumber(-1);
        list.add({
          function: code.blanks,
          arguments: [text.address, line.length],
          results: [length.address],
        });
        return () => ({
          text: Buffer.from(text.bytes),
          length: length.number(),
          around: [before.number(), behind.number()],
        });
      });
      const { text, length, around } = joined();
      const end = line.findLastIndex((byte) => byte !== 0) + 1;
      const expected = Buffer.from(line.map((byte, index) => (byte === 0 && index < end ? 0x20 : byte)));
      assert.deepEqual({ text, length, around }, { text: expected, length: end, around: [-1, 0] });
    }),
    { numRuns: 200 },
  );
});

test('a very long line is joined whole', async () => {
  const size = 4 * 1024 * 1024;
  const text = await run((list) => {
    const area = list.area(size);
    area.bytes[size - 1] = 0x78;
    list.add({ function: code.blanks, arguments: [area.address, size] });
    return area.bytes;
  }, size + 4096);
  assert.equal(text.toString('latin1'), `${' '.repeat(size - 1)}x`);
});

for (const [processor, ret] of [
  ['x64', 'c3'],
  ['arm64', 'c0035fd6'],
] as const) {
  test(`for ${processor} each of the three ends with a return, and begins behind the one before`, () => {
    const { bytes, blanksOffset, addOffset } = codeFor(processor);
    const ends = [blanksOffset, addOffset, bytes.length];
    for (const end of ends) {
      assert.equal(bytes.toString('hex', end - ret.length / 2, end), ret);
      if (processor === 'arm64') assert.equal(end % 4, 0);
    }
    assert.deepEqual(
      ends,
      [...ends].sort((one, other) => one - other),
    );
  });
}

test('for a processor that is not known there is none', () => {
  assert.throws(() => loadMachineCode(libc, 'mips'), /no machine code for the processor mips/);
});
