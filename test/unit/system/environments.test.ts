// Which processes have a word in their environment, asked where one that cannot be read holds up nobody.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { loadKernel } from '../../../src/system/real/kernel.ts';
import { systemCalls } from '../../../src/system/real/libc/system-calls.ts';
import { createEnvironments } from '../../../src/system/real/proc/environments.ts';

const kernel = await loadKernel();
const { environments, threads } = kernel;

function search(pids: readonly number[], text: string): Promise<readonly number[]> {
  return new Promise((resolve) => environments.search(pids, text, resolve));
}

/** A process with this environment. */
async function withEnvironment(t: TestContext, env: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn('/bin/sh', ['-c', 'echo; read line'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

test('those that have it are told, at whatever place of a long environment it is', async (t) => {
  const long = {
    BEFORE: 'x'.repeat(100_000),
    A: 'y'.repeat(100_000),
    WORD: 'token1',
    BEHIND: 'z'.repeat(50_000),
  };
  const has = await withEnvironment(t, long);
  const first = await withEnvironment(t, { WORD: 'token1' });
  const hasNot = await withEnvironment(t, { WORD: 'token10' });
  const gone = 2 ** 22 - 3;
  assert.deepEqual(await search([hasNot, has, gone, first], 'WORD=token1\0'), [has, first]);
  assert.deepEqual(await search([], 'WORD=token1\0'), []);
  assert.equal(threads.count(), 0);
});

test('who has changed to another program is known by what that was given', async (t) => {
  const child = spawn('/bin/sh', ['-c', 'exec sleep 100'], { env: { WORD: 'token2' }, stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  assert.deepEqual(await search([pid], 'WORD=token2\0'), [pid]);
});

test('one that cannot be read hides no other, and is not waited for', async (t) => {
  const koffi = await import('koffi');
  const real = kernel.threads;
  let lists = 0;
  // The first list, with all of them, hangs at its first process.
  const stuck = {
    ...real,
    run(...words: Parameters<typeof real.run>) {
      lists += 1;
      return lists === 1 ? undefined : real.run(...words);
    },
  };
  const { search: searchStuck } = createEnvironments(koffi, koffi.load(null), stuck, systemCalls());
  const pids = [await withEnvironment(t, { WORD: 'token3' }), await withEnvironment(t, { WORD: 'token3' })];
  const found = await new Promise((resolve) => searchStuck(pids, 'WORD=token3\0', resolve));
  assert.deepEqual(found, pids.slice(1));
  assert.equal(lists, 2);
});

test('where no thread can be had nobody is found, within a second', async () => {
  const koffi = await import('koffi');
  const none = { ...kernel.threads, run: () => 'EAGAIN' };
  const { search: searchNowhere } = createEnvironments(koffi, koffi.load(null), none, systemCalls());
  assert.deepEqual(await new Promise((resolve) => searchNowhere([process.pid], 'PATH', resolve)), []);
});
