import assert from 'node:assert/strict';
import { test } from 'node:test';
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
