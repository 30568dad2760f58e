// Kernel locks: held by one, free when its holder has gone, sound when the file is removed in between.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Kernel, loadKernel } from '../../../src/system/real/kernel.ts';
import { hashedName, takeLock } from '../../../src/system/real/lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'psaver-lock-'));
after(() => rmSync(folder, { recursive: true }));
const kernel = await loadKernel();

test('a lock that is held names its holder', async () => {
  const path = join(folder, 'a');
  const first = await takeLock(kernel, path, 'pid 1, pfile /a', 0);
  assert.ok(first.held);
  assert.deepEqual(await takeLock(kernel, path, 'pid 2', 0), {
    held: false,
    holder: 'pid 1, pfile /a',
  });
  first.release();
});

test('a released lock leaves no file and can be taken again', async () => {
  const path = join(folder, 'b');
  const first = await takeLock(kernel, path, 'first', 0);
  assert.ok(first.held);
  first.release();
  assert.equal(existsSync(path), false);
  const second = await takeLock(kernel, path, 'second', 0);
  assert.ok(second.held);
  assert.equal(readFileSync(path, 'utf8'), 'second\n');
  second.release();
});

test('one who waits gets the lock when its holder lets go', async () => {
  const path = join(folder, 'c');
  const first = await takeLock(kernel, path, 'first', 0);
  assert.ok(first.held);
  const waiting = takeLock(kernel, path, 'second', 5);
  first.release();
  const second = await waiting;
  assert.ok(second.held);
  assert.equal((await takeLock(kernel, path, 'third', 0)).held, false);
  second.release();
});

for (const [what, replace] of [
  ['removed', (path: string) => rmSync(path)],
  [
    'replaced by that of another pcheck',
    (path: string) => {
      rmSync(path);
      writeFileSync(path, 'another\n');
    },
  ],
] as const) {
  test(`a lock on a file that was ${what} between opening and locking it counts for nothing`, async () => {
    const path = join(folder, 'replaced');
    let descriptors: number[] = [];
    const late: Kernel = {
      ...kernel,
      tryLock(descriptor) {
        descriptors.push(descriptor);
        replace(path);
        return kernel.tryLock(descriptor);
      },
    };
    const lock = await takeLock(late, path, 'late', 0);
    assert.equal(lock.held, false);
    assert.equal(descriptors.length, 1);
    descriptors = [];
    const next = await takeLock(kernel, path, 'next', 0);
    assert.ok(next.held, 'the lock in the late one’s hand was let go');
    assert.equal(readFileSync(path, 'utf8'), 'next\n');
    next.release();
  });
}

test('a link in the place of a lock file is not followed', async () => {
  const path = join(folder, 'link');
  writeFileSync(join(folder, 'precious'), 'kept');
  symlinkSync(join(folder, 'precious'), path);
  await assert.rejects(takeLock(kernel, path, 'x', 0), /ELOOP/);
  assert.equal(readFileSync(join(folder, 'precious'), 'utf8'), 'kept');
});

test('a FIFO in the place of a lock that is held names nobody, and is not waited for', async () => {
  const path = join(folder, 'fifo');
  execFileSync('mkfifo', [path]);
  const first = await takeLock(kernel, path, 'first', 0);
  assert.ok(first.held);
  assert.deepEqual(await takeLock(kernel, path, 'second', 0), {
    held: false,
    holder: 'who cannot be read: EAGAIN',
  });
  first.release();
});

test('a name of any length and with any characters has a short name of its own', () => {
  const names = ['dump', 'dump ', '../dump', 'x'.repeat(255)].map(hashedName);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[0-9a-f]{16}$/);
});
