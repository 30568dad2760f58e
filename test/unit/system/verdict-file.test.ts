// The verdict's file: readable by everybody, written by nobody else, always whole, in memory.
import assert from 'node:assert/strict';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, type TestContext, test } from 'node:test';
import { createVerdictFile, type VerdictFile } from '../../../src/system/real/verdict-file.ts';
import { folderOf } from '../../harness/real-kernel.ts';

let folder = '';
let path = '';

beforeEach((t) => {
  // In memory.
  folder = folderOf(t as TestContext, '/dev/shm');
  path = join(folder, 'public/key');
});

function verdictFile(): VerdictFile {
  return createVerdictFile(path, { path: '/dump.verdict', lead: (_, onEnd) => onEnd(undefined) });
}

test('file and directory are made so that everybody can read them, whatever the umask', () => {
  const umask = process.umask(0o077);
  try {
    assert.equal(verdictFile().write('ok\n'), undefined);
  } finally {
    process.umask(umask);
  }
  assert.equal(statSync(path).mode & 0o777, 0o644);
  assert.equal(statSync(join(folder, 'public')).mode & 0o777, 0o755);
});

test('a verdict takes the place of the one before it, which is never written over', () => {
  const file = verdictFile();
  file.write('ok, and a long stamp\n');
  const first = openSync(path, 'r');
  file.write('stopped\n');
  assert.equal(readFileSync(first, 'utf8'), 'ok, and a long stamp\n');
  closeSync(first);
  assert.equal(readFileSync(path, 'utf8'), 'stopped\n');
  assert.deepEqual(readdirSync(join(folder, 'public')), ['key']);
});

test('a directory that was cleared away is made again', () => {
  const file = verdictFile();
  file.write('ok\n');
  rmSync(join(folder, 'public'), { recursive: true });
  assert.equal(file.write('ok\n'), undefined);
  assert.equal(readFileSync(path, 'utf8'), 'ok\n');
});

test('a directory in which others could write another verdict is refused', () => {
  mkdirSync(join(folder, 'public'));
  chmodSync(join(folder, 'public'), 0o1777);
  assert.match(verdictFile().write('ok\n') ?? '', /may be written by other users/);
  assert.deepEqual(readdirSync(join(folder, 'public')), []);
});

test('of a directory on a disk only a link is there, and the verdict is in memory', (t) => {
  const onDisk = join(folderOf(t), 'public/key');
  const inMemory = join(folder, 'elsewhere');
  const link = { path: '', lead: () => undefined };
  mkdirSync(join(onDisk, '..'));
  const file = createVerdictFile(onDisk, link, () => ({ path: inMemory, link: onDisk }));
  assert.equal(readlinkSync(onDisk), inMemory);
  assert.equal(file.write('ok\n'), undefined);
  assert.equal(readFileSync(onDisk, 'utf8'), 'ok\n');
});
