// What the monitor asks about files, answered by real ones.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLookups } from '../../../../src/system/real/files/lookups.ts';
import { createFileCalls } from '../../../../src/system/real/libc/file-calls.ts';
import { loadLibc } from '../../../harness/libc.ts';

const { threads, createFileList } = loadLibc();
const lookups = createLookups(createFileCalls(threads, createFileList));

function temporary(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'psaver-lookups-')));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function resolved(path: string): Promise<string | undefined> {
  return new Promise((done) => lookups.resolve(path, (target) => setImmediate(done, target)));
}

function headOf(path: string, bytes: number): Promise<string | undefined> {
  return new Promise((done) => lookups.readHead(path, bytes, (text) => setImmediate(done, text)));
}

test('a path is resolved through its links; one that leads nowhere is undefined', async (t) => {
  const folder = temporary(t);
  writeFileSync(join(folder, 'file'), '');
  symlinkSync('file', join(folder, 'link'));
  symlinkSync('missing', join(folder, 'dangling'));
  assert.equal(await resolved(join(folder, 'link')), join(folder, 'file'));
  assert.equal(await resolved(join(folder, 'dangling')), undefined);
});

test('the head of a regular file is read, also through a link', async (t) => {
  const folder = temporary(t);
  writeFileSync(join(folder, 'file'), '12345\n67890\n');
  symlinkSync('file', join(folder, 'link'));
  assert.equal(await headOf(join(folder, 'file'), 100), '12345\n67890\n');
  assert.equal(await headOf(join(folder, 'link'), 5), '12345');
});

test('of a FIFO that nobody writes to, a device, a directory and what is not there nothing is read', async (t) => {
  const folder = temporary(t);
  spawnSync('mkfifo', [join(folder, 'fifo')]);
  for (const path of [join(folder, 'fifo'), '/dev/zero', folder, join(folder, 'missing')]) {
    assert.equal(await headOf(path, 10), undefined, path);
  }
});
