import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMode } from '../../../src/pfile/mode.ts';

const CASES: ReadonlyArray<readonly [mode: number, shown: string]> = [
  [0o100644, '-rw-r--r--'],
  [0o100664, '-rw-rw-r--'],
  [0o100777, '-rwxrwxrwx'],
  [0o100000, '----------'],
  [0o041777, 'drwxrwxrwt'],
  [0o041776, 'drwxrwxrwT'],
  [0o042775, 'drwxrwsr-x'],
  [0o104755, '-rwsr-xr-x'],
  [0o106644, '-rwSr-Sr--'],
  [0o120777, 'lrwxrwxrwx'],
  [0o010600, 'prw-------'],
  [0o020666, 'crw-rw-rw-'],
];

for (const [mode, shown] of CASES) {
  test(`when the mode is ${mode.toString(8)}, it is shown as ${shown}`, () => {
    assert.equal(formatMode(mode), shown);
  });
}
