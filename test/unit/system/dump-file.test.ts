// The dump file on a real disk: whole or not at all, for its owner alone.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createDumpFile } from '../../../src/system/real/dump-file.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'psaver-dump-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function write(path: string, text: string): Promise<string | undefined> {
  // The child keeps nobody waiting, this test neither.
  const awake = setInterval(() => undefined, 1000);
  return new Promise((done) => {
    createDumpFile(path).write(text, (error) => {
      clearInterval(awake);
      done(error);
    });
  });
}

test('a dump takes the place of the one before as a whole, mode 0600, whatever mode that had', async (t) => {
  const folder = folderOf(t);
  const path = join(folder, 'p.dump');
  writeFileSync(path, 'x'.repeat(100_000));
  chmodSync(path, 0o666);
  const { ino } = statSync(path);
  assert.equal(await write(path, 'サービス\n'), undefined);
  assert.equal(readFileSync(path, 'utf8'), 'サービス\n');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.notEqual(statSync(path).ino, ino, 'it was renamed into place, not written over');
  assert.deepEqual(readdirSync(folder), ['p.dump']);
});

test('a dump that cannot be written says why, and the one before stays', async (t) => {
  const folder = folderOf(t);
  assert.match((await write(join(folder, 'nowhere/p.dump'), 'new')) ?? '', /nowhere/);
  // Its name for the time of writing cannot be made: it is longer than a name may be.
  const long = join(folder, 'p'.repeat(255));
  writeFileSync(long, 'old');
  assert.notEqual(await write(long, 'new'), undefined);
  assert.equal(readFileSync(long, 'utf8'), 'old');
});
