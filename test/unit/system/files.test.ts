import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { realFiles } from '../../../src/system/real/files.ts';

/** A folder with `file`, and `link` that leads to it. */
function createFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'psaver-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'file'), 'text 日\n', { mode: 0o600 });
  symlinkSync('file', join(folder, 'link'));
  return folder;
}

test('when a file is read with its owner, both are of what the links lead to', (t) => {
  const folder = createFolder(t);
  const { uid, mode } = statSync(join(folder, 'file'));
  assert.deepEqual(realFiles.readOwned(join(folder, 'link')), { text: 'text 日\n', owner: { uid, mode } });
  assert.deepEqual(realFiles.owner(join(folder, 'link')), { uid, mode });
  assert.equal(uid, realFiles.ownUid);
});

test('when a path is a link, the link itself is told; when it is none, nothing', (t) => {
  const folder = createFolder(t);
  assert.deepEqual(realFiles.link(join(folder, 'link')), { uid: realFiles.ownUid, target: 'file' });
  assert.equal(realFiles.link(join(folder, 'file')), undefined);
});

test('when nothing is there, owner and link are nothing, and reading throws', (t) => {
  const missing = join(createFolder(t), 'missing');
  assert.equal(realFiles.owner(missing), undefined);
  assert.equal(realFiles.link(missing), undefined);
  assert.throws(() => realFiles.readOwned(missing), /ENOENT/);
});

test('when a directory is read, the exception says so', (t) => {
  assert.throws(() => realFiles.readOwned(createFolder(t)), /EISDIR/);
});
