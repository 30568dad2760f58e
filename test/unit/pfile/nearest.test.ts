import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nearest } from '../../../src/pfile/nearest.ts';

const KNOWN = ['IPCKEY', 'MONITOR_INTERVAL', 'MSG_CHECK_INTERVAL', 'SHM_DUMP_FILE'];

const CASES: ReadonlyArray<readonly [word: string, found: string | undefined]> = [
  ['IPCKEY', 'IPCKEY'],
  ['ipckey', 'IPCKEY'],
  ['IPCKYE', 'IPCKEY'],
  ['IPC_KEY', 'IPCKEY'],
  ['IKEY', 'IPCKEY'],
  ['KEY', undefined],
  ['MONITOR_INTERVA', 'MONITOR_INTERVAL'],
  ['MONITOR-INTERVALL', 'MONITOR_INTERVAL'],
  ['INTERVAL', undefined],
  ['shm_dupm_file', 'SHM_DUMP_FILE'],
  ['', undefined],
  ['java', undefined],
];

for (const [word, found] of CASES) {
  test(`when the word is "${word}", the nearest is ${found ?? 'none'}`, () => {
    assert.equal(nearest(word, KNOWN), found);
  });
}

test('when two neighbours are swapped, it counts as one edit', () => {
  assert.equal(nearest('sue', ['use']), 'use');
  assert.equal(nearest('ues', ['use']), 'use');
  assert.equal(nearest('seu', ['use']), undefined);
});

test('whatever the words, the nearest is what counting all edits finds', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'D'), maxLength: 12 });
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 4 }), (mistyped, known) => {
      const edits = known.map((candidate) => allEdits(mistyped.toLowerCase(), candidate.toLowerCase()));
      const near = known.filter(
        (candidate, index) => (edits[index] ?? 0) <= Math.min(3, Math.floor(candidate.length / 3)),
      );
      const least = Math.min(...near.map((candidate) => edits[known.indexOf(candidate)] ?? Infinity));
      const expected = near.find((candidate) => edits[known.indexOf(candidate)] === least);
      assert.equal(nearest(mistyped, known), expected);
    }),
    { numRuns: 2000 },
  );
});

/** Every way, without a short cut. */
function allEdits(from: string, to: string): number {
  const rows = Array.from({ length: from.length + 1 }, (_, row) =>
    Array.from({ length: to.length + 1 }, (__, column) => (row === 0 ? column : row)),
  );
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= from.length; row += 1) {
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const ways = [at(row - 1, column) + 1, at(row, column - 1) + 1];
      ways.push(at(row - 1, column - 1) + (same ? 0 : 1));
      if (swapped) ways.push(at(row - 2, column - 2) + 1);
      (rows[row] ?? [])[column] = Math.min(...ways);
    }
  }
  return at(from.length, to.length);
}
