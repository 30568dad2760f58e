// What lies at a path, and why it may not be written, as a thread finds it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadKernel } from '../../../../src/system/real/kernel.ts';
import type { FoundAtPath } from '../../../../src/system/real/libc/look-at-path.ts';

const folder = mkdtempSync(join(tmpdir(), 'psaver-look-'));
after(() => rmSync(folder, { recursive: true }));
const { lookAtPath } = await loadKernel();

function look(path: string): Promise<FoundAtPath> {
  return new Promise((done) => lookAtPath(path, done));
}

async function kindOf(path: string): Promise<string> {
  const found = await look(path);
  if ('descriptor' in found) closeSync(found.descriptor);
  return found.is;
}

test('each kind of file is told', async () => {
  const path = (name: string) => join(folder, name);
  writeFileSync(path('file'), '');
  symlinkSync('file', path('link'));
  symlinkSync('nowhere', path('dangling'));
  execFileSync('mkfifo', [path('fifo')]);
  const server = createServer().listen(path('socket'));
  await new Promise((done) => server.once('listening', done));
  const kinds = await Promise.all(
    [path('file'), path('link'), path('dangling'), path('fifo'), path('socket'), folder, '/dev/full'].map(
      kindOf,
    ),
  );
  server.close();
  assert.deepEqual(kinds, ['file', 'file', 'missing', 'fifo', 'socket', 'directory', 'device']);
});

test('the descriptor stands for what was found, also when another one has its name', async () => {
  const path = join(folder, 'renamed');
  writeFileSync(path, 'first');
  const { ino } = statSync(path);
  const found = await look(path);
  assert.ok(found.is === 'file');
  rmSync(path);
  writeFileSync(path, 'second');
  assert.equal(found.inode, ino);
  assert.equal(readFileSync(`/proc/self/fd/${found.descriptor}`, 'utf8'), 'first');
  closeSync(found.descriptor);
});

test('what is missing can be made where its folder is there', async () => {
  assert.deepEqual(await look(join(folder, 'no')), { is: 'missing', folderError: undefined });
  assert.deepEqual(await look(join(folder, 'no/file')), { is: 'missing', folderError: 'ENOENT' });
});

test('what cannot be looked at has its reason', async () => {
  writeFileSync(join(folder, 'plain'), '');
  assert.deepEqual(await look(join(folder, 'plain/file')), { is: 'unreadable', error: 'ENOTDIR' });
});
