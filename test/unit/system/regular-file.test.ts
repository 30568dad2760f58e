// A whole regular file or nothing: what else may lie under a name is neither waited for nor read without end.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { readRegularFile, UnfitFile } from '../../../src/system/real/regular-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'psaver-regular-'));
after(() => rmSync(folder, { recursive: true }));

const MIB = 1024 * 1024;
const path = (name: string) => join(folder, name);

writeFileSync(path('file'), 'text 日\n', { mode: 0o640 });
symlinkSync('file', path('link'));
mkdirSync(path('directory'));
execFileSync('mkfifo', [path('fifo')]);
writeFileSync(path('large'), '');
truncateSync(path('large'), MIB + 1);
writeFileSync(path('full'), '');
truncateSync(path('full'), MIB);

test('a regular file is read whole, with the mode of what was read', () => {
  const { text, owner } = readRegularFile(path('file'), MIB, 'refuse');
  assert.deepEqual([text, owner.mode & 0o777], ['text 日\n', 0o640]);
  assert.equal(readRegularFile(path('full'), MIB, 'refuse').text.length, MIB);
});

test('a link is followed or refused, as it was asked for', () => {
  assert.equal(readRegularFile(path('link'), MIB, 'follow').text, 'text 日\n');
  assert.throws(() => readRegularFile(path('link'), MIB, 'refuse'), unfit('it is a symbolic link'));
});

for (const [name, problem] of [
  ['directory', 'it is a directory (EISDIR)'],
  ['fifo', 'it is not a regular file'],
  ['/dev/zero', 'it is not a regular file'],
  ['large', 'it is larger than 1 MiB'],
] as const) {
  test(`${name}: ${problem}`, () => {
    for (const links of ['follow', 'refuse'] as const) {
      assert.throws(() => readRegularFile(resolve(folder, name), MIB, links), unfit(problem));
    }
  });
}

test('a file of /proc that has no size to tell is empty, however much could be read', () => {
  assert.equal(readRegularFile('/proc/self/pagemap', MIB, 'refuse').text, '');
});

test('what is not there is told as open(2) tells it', () => {
  assert.throws(() => readRegularFile(path('missing'), MIB, 'refuse'), { code: 'ENOENT' });
});

function unfit(text: string): (error: unknown) => boolean {
  return (error) => error instanceof UnfitFile && error.message === text;
}
