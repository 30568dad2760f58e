// What the reading of a pfile asks of real files, and what becomes of a call that has no answer.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFileLookup } from '../../../src/system/real/files/file-lookup.ts';
import { loadKernel } from '../../../src/system/real/kernel.ts';
import type { FileCalls } from '../../../src/system/real/libc/file-calls.ts';
import type { FileLookup } from '../../../src/system/types.ts';

const { fileCalls } = await loadKernel();

/** A folder with `file`, and `link` that leads to it. */
function createFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'psaver-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'file'), 'text 日\n', { mode: 0o600 });
  symlinkSync('file', join(folder, 'link'));
  return folder;
}

test('when a file is read with its owner, both are of what the links lead to', async (t) => {
  const folder = createFolder(t);
  const files = createFileLookup(fileCalls);
  const { uid, mode } = statSync(join(folder, 'file'));
  const read = await files.readOwned(join(folder, 'link'));
  assert.deepEqual(read, { text: 'text 日\n', owner: { uid, mode } });
  assert.deepEqual(await files.owner(join(folder, 'link')), { uid, mode });
  assert.equal(uid, files.ownUid);
  assert.equal(await files.resolve(join(folder, 'link')), await files.resolve(join(folder, 'file')));
  assert.equal(await files.readHead(join(folder, 'link'), 2), 'te');
});

test('when a path is a link, the link itself is told; when it is none, that', async (t) => {
  const folder = createFolder(t);
  const files = createFileLookup(fileCalls);
  assert.deepEqual(await files.link(join(folder, 'link')), { uid: files.ownUid, target: 'file' });
  assert.equal(await files.link(join(folder, 'file')), 'no-link');
});

test('when nothing is there, that is the answer, and reading rejects', async (t) => {
  const missing = join(createFolder(t), 'missing');
  const files = createFileLookup(fileCalls);
  assert.equal(await files.owner(missing), undefined);
  assert.equal(await files.link(missing), undefined);
  assert.equal(await files.readHead(missing, 2), undefined);
  assert.equal(await files.resolve(missing), undefined);
  assert.equal(await files.kind(missing), 'missing');
  assert.equal(await files.isExecutable(missing), false);
  await assert.rejects(files.readOwned(missing), /ENOENT/);
});

test('what a path is, and whether it may be run or written to', async (t) => {
  const folder = createFolder(t);
  const files = createFileLookup(fileCalls);
  assert.equal(await files.kind(join(folder, 'link')), 'file');
  assert.equal(await files.kind(folder), 'directory');
  assert.equal(await files.kind('/dev/null'), 'other');
  assert.equal(await files.kind(join(folder, 'file/below')), 'missing');
  assert.equal(await files.isExecutable('/bin/sh'), true);
  assert.equal(await files.isExecutable(join(folder, 'file')), false);
  assert.equal(await files.isWritable(folder), true);
});

test('when a directory, a FIFO or a file without end is read, the exception says so', async (t) => {
  const folder = createFolder(t);
  const files = createFileLookup(fileCalls);
  await assert.rejects(files.readOwned(folder), /EISDIR/);
  spawnSync('mkfifo', [join(folder, 'fifo')]);
  await assert.rejects(files.readOwned(join(folder, 'fifo')), /it is not a regular file/);
  assert.equal(await files.readHead(join(folder, 'fifo'), 2), undefined);
  truncateSync(join(folder, 'file'), 1024 ** 3);
  await assert.rejects(files.readOwned(join(folder, 'file')), /it is larger than 1 MiB/);
});

const SILENT: FileCalls = {
  stat: () => undefined,
  readlink: () => undefined,
  realpath: () => undefined,
  access: () => undefined,
  readRegular: () => undefined,
};

const QUESTIONS: Readonly<Record<string, (files: FileLookup) => Promise<unknown>>> = {
  readOwned: (files) => files.readOwned('/etc/passwd'),
  owner: (files) => files.owner('/etc/passwd'),
  link: (files) => files.link('/etc/passwd'),
  readHead: (files) => files.readHead('/etc/passwd', 2),
  kind: (files) => files.kind('/etc/passwd'),
  isExecutable: (files) => files.isExecutable('/etc/passwd'),
  isWritable: (files) => files.isWritable('/etc/passwd'),
  resolve: (files) => files.resolve('/etc/passwd'),
  userId: (files) => files.userId('root'),
};

for (const [name, ask] of Object.entries(QUESTIONS)) {
  test(`when no answer comes, ${name} does not take that for one`, async () => {
    const files = createFileLookup(SILENT, 0.01);
    await assert.rejects(ask(files), /^NoAnswerError: \/etc\/passwd: no answer within 0.01 s$/);
  });
}
