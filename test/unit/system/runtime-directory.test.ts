// The directory of socket, lock and record: made for its owner alone, refused when it is anybody else's.
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeRuntimeDirectory } from '../../../src/system/real/runtime-directory.ts';

const folder = mkdtempSync(join(tmpdir(), 'psaver-directory-'));
after(() => rmSync(folder, { recursive: true }));
const isRoot = process.getuid?.() === 0;

test('one that is missing is made, for its owner alone, and found again', () => {
  const path = join(folder, 'new/psaver');
  makeRuntimeDirectory(path);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  makeRuntimeDirectory(path);
});

for (const mode of [0o755, 0o710, 0o707, 0o770, 0o777, 0o1777]) {
  test(`one of mode ${mode.toString(8)} is refused, and stays as it is`, () => {
    const path = join(folder, mode.toString(8));
    mkdirSync(path);
    chmodSync(path, mode);
    assert.throws(() => makeRuntimeDirectory(path), {
      message: `${path} is open to other users (mode must be 0700)`,
    });
    assert.equal(statSync(path).mode & 0o7777, mode);
  });
}

test('one of another user is refused', {
  skip: isRoot ? false : 'needs root to give a directory away',
}, () => {
  const path = join(folder, 'foreign');
  mkdirSync(path, { mode: 0o700 });
  chownSync(path, 12345, 12345);
  assert.throws(() => makeRuntimeDirectory(path), { message: `${path} belongs to another user (uid 12345)` });
});

test('a link in its place is refused, though it leads to a directory that would do', () => {
  mkdirSync(join(folder, 'target'), { mode: 0o700 });
  symlinkSync(join(folder, 'target'), join(folder, 'link'));
  assert.throws(() => makeRuntimeDirectory(join(folder, 'link')), /link is not a directory$/);
});

test('a file in its place is refused', () => {
  writeFileSync(join(folder, 'file'), '', { mode: 0o600 });
  assert.throws(() => makeRuntimeDirectory(join(folder, 'file')));
});
