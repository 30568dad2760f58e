// The verdict's file and the link to it: readable by everybody, written by nobody else, always whole.
import assert from 'node:assert/strict';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { createVerdictFile } from '../../../src/system/real/verdict-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'psaver-verdict-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'public/key');
const link = join(folder, 'dump.verdict');
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
});

test('file and directory are made so that everybody can read them, whatever the umask', () => {
  const umask = process.umask(0o077);
  try {
    assert.equal(createVerdictFile(path, link).write('ok\n'), undefined);
  } finally {
    process.umask(umask);
  }
  assert.equal(statSync(path).mode & 0o777, 0o644);
  assert.equal(statSync(join(folder, 'public')).mode & 0o777, 0o755);
});

test('a verdict takes the place of the one before it, which is never written over', () => {
  const file = createVerdictFile(path, link);
  file.write('ok, and a long stamp\n');
  const first = openSync(path, 'r');
  file.write('stopped\n');
  assert.equal(readFileSync(first, 'utf8'), 'ok, and a long stamp\n');
  closeSync(first);
  assert.equal(readFileSync(path, 'utf8'), 'stopped\n');
  assert.deepEqual(readdirSync(join(folder, 'public')), ['key']);
});

test('a directory that was cleared away is made again', () => {
  const file = createVerdictFile(path, link);
  file.write('ok\n');
  rmSync(join(folder, 'public'), { recursive: true });
  assert.equal(file.write('ok\n'), undefined);
  assert.equal(readFileSync(path, 'utf8'), 'ok\n');
});

test('a directory in which others could write another verdict is refused', () => {
  mkdirSync(join(folder, 'public'));
  chmodSync(join(folder, 'public'), 0o1777);
  assert.match(createVerdictFile(path, link).write('ok\n') ?? '', /may be written by other users/);
  assert.deepEqual(readdirSync(join(folder, 'public')), []);
});

test('the link leads to the verdict, takes the place of whatever file lay there, and is left alone when it is right', () => {
  writeFileSync(link, 'not ours');
  symlinkSync('/nowhere', `${link}.new`);
  const file = createVerdictFile(path, link);
  assert.equal(file.makeLink(), undefined);
  assert.equal(readlinkSync(link), path);
  chmodSync(folder, 0o555);
  const before = statSync(folder).mtimeMs;
  assert.equal(file.makeLink(), undefined);
  chmodSync(folder, 0o755);
  assert.equal(statSync(folder).mtimeMs, before);
  assert.deepEqual(readdirSync(folder), ['dump.verdict']);
});

test('a link that cannot be made says why', () => {
  mkdirSync(link);
  assert.equal(createVerdictFile(path, link).makeLink(), 'EISDIR');
  assert.equal(createVerdictFile(path, '/nowhere/dump.verdict').makeLink(), 'ENOENT');
});
