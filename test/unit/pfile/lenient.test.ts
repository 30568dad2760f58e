import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readIpckeyLeniently, readShmDumpFileLeniently } from '../../../src/pfile/lenient.ts';
import { lines } from './fakes.ts';

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

const DUMP_CASES: ReadonlyArray<readonly [text: string, path: string | undefined]> = [
  ['', undefined],
  ['SHM_DUMP_FILE /d', '/d'],
  ['\uFEFF\t SHM_DUMP_FILE\t /var/a b:c \t\r\n', '/var/a b:c'],
  ['SHM_DUMP_FILE \t /var/a\tb', '/var/a\tb'],
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
