import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readIpckeyLeniently, readShmDumpFileLeniently } from '../../../src/pfile/lenient.ts';
import { parsePfile } from '../../../src/pfile/parse.ts';
import { lines, PENT } from './fakes.ts';

const CASES: ReadonlyArray<readonly [text: string, key: number | undefined]> = [
  ['', undefined],
  ['IPCKEY 0x1f', 0x1f],
  ['\uFEFF\t IPCKEY\t0xFFFFFFFF \r\n', 0xffffffff],
  [lines('rubbish', 'MONITOR_INTERVA x', '\0\0', 'a:b', 'IPCKEY 0x2', 'IPCKEY 0x3'), 2],
  [lines('# IPCKEY 0x1', 'IPCKEY', 'IPCKEY 5', 'IPCKEY 0x0', 'IPCKEY 0x100000000', 'IPCKEY 0x4'), 4],
  [lines('IPCKEY 0x1 0x2', 'ipckey 0x1', 'IPCKEY=0x1', 'IPCKEY0x1'), undefined],
];

for (const [text, key] of CASES) {
  test(`when the text is ${JSON.stringify(text)}, the key is ${key}`, () => {
    assert.equal(readIpckeyLeniently(text), key);
  });
}

test('the lenient and the strict reader find the same key in a good pfile', () => {
  const blanks = fc.stringMatching(/^[ \t]{1,3}$/);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 0xffffffff }), blanks, blanks, (key, before, between) => {
      const text = lines(PENT, `${before}IPCKEY${between}0x${key.toString(16)}${before}`, 'SHM_DUMP_FILE /d');
      const parsed = parsePfile(text);
      assert.deepEqual(parsed.diagnostics, []);
      assert.equal(readIpckeyLeniently(text), parsed.parameters.values.ipckey);
    }),
  );
});

const DUMP_CASES: ReadonlyArray<readonly [text: string, path: string | undefined]> = [
  ['', undefined],
  ['SHM_DUMP_FILE /d', '/d'],
  ['\uFEFF\t SHM_DUMP_FILE\t /var/a b:c \t\r\n', '/var/a b:c'],
  [
    lines(
      'rubbish',
      '\0\0',
      'SHM_DUMP_FILE',
      'SHM_DUMP_FILE relative',
      'SHM_DUMP_FILE /2',
      'SHM_DUMP_FILE /3',
    ),
    '/2',
  ],
  [
    lines('# SHM_DUMP_FILE /1', 'SHM_DUMP_FILE=/1', 'shm_dump_file /1', 'SHM_DUMP_FILE /1\u001b[2J'),
    undefined,
  ],
];

for (const [text, path] of DUMP_CASES) {
  test(`when the text is ${JSON.stringify(text)}, the dump file is ${path}`, () => {
    assert.equal(readShmDumpFileLeniently(text), path);
  });
}

test('the lenient and the strict reader find the same dump file in a good pfile', () => {
  const path = fc.stringMatching(/^\/[ -~]*[!-~]$/);
  fc.assert(
    fc.property(path, fc.stringMatching(/^[ \t]{1,3}$/), (dump, blanks) => {
      const text = lines(PENT, 'IPCKEY 0x1', `SHM_DUMP_FILE${blanks}${dump}${blanks}`);
      const parsed = parsePfile(text);
      assert.deepEqual(parsed.diagnostics, []);
      assert.equal(readShmDumpFileLeniently(text), parsed.parameters.values.shmDumpFile);
    }),
  );
});
