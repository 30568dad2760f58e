// What a program is given that posix_spawn(3) starts: a session, the root directory, its descriptors, default signals,
// the limit of open files; and how its end is told.
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadKernel } from '../../../src/system/real/kernel.ts';
import type { Spawner } from '../../../src/system/real/kernel-spawn.ts';
import type { ScriptEnd } from '../../../src/system/types.ts';

const kernel = await loadKernel();

function requireSpawner(): Spawner {
  assert.ok(kernel.spawner !== undefined, 'this libc can start a session and change the directory at once');
  return kernel.spawner;
}

/** What the shell says that runs these words, and how it ended. */
async function run(
  t: TestContext,
  words: string,
  changes: { readonly path?: string; readonly openFilesLimit?: string } = {},
): Promise<{ text: string; end: ScriptEnd | string | undefined; pid: number | string }> {
  const spawner = requireSpawner();
  const folder = mkdtempSync(join(tmpdir(), 'psaver-spawn-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const output = openSync(join(folder, 'output'), 'a');
  const stdin = openSync('/dev/null', 'r');
  const exits = kernel.openExits();
  try {
    const pid = spawner.spawn({
      path: '/bin/sh',
      arguments: ['-c', words],
      environment: { GIVEN: 'a b=c' },
      inherited: { PATH: process.env['PATH'] ?? '' },
      stdin,
      output,
      openFilesLimit: undefined,
      ...changes,
    });
    if (typeof pid === 'string') return { text: '', end: pid, pid };
    await new Promise<void>((resolve) => exits.watch(pid, resolve));
    return { text: readFileSync(join(folder, 'output'), 'utf8'), end: spawner.reap(pid), pid };
  } finally {
    exits.close();
    closeSync(output);
    closeSync(stdin);
  }
}

test('it runs in a session of its own, in the root directory, with the environment that it is given and no other', async (t) => {
  const { text, end, pid } = await run(t, 'cut -d" " -f1,5,6 /proc/$$/stat; pwd; echo "$GIVEN $HOME"');
  assert.equal(text, `${pid} ${pid} ${pid}\n/\na b=c \n`);
  assert.deepEqual(end, { kind: 'exited', status: 0 });
});

test('it has its three descriptors and no other', async (t) => {
  kernel.keepDescriptorsFromChildren();
  const { text } = await run(t, 'ls /proc/$$/fd; readlink /proc/$$/fd/0');
  assert.equal(text, '0\n1\n2\n/dev/null\n');
});

// A shell may block signals itself while it waits for a program, so grep takes its place.
test('no signal is ignored or blocked, though Node ignores SIGPIPE', async (t) => {
  const { text } = await run(t, 'exec grep -E "^Sig(Blk|Ign)" /proc/self/status');
  assert.equal(text, 'SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n');
});

test('it has the limit of open files that it is given; our own stays', async (t) => {
  const own = readFileSync('/proc/self/limits', 'latin1');
  const { text } = await run(t, 'ulimit -S -n', { openFilesLimit: '123' });
  assert.equal(text, '123\n');
  assert.equal(readFileSync('/proc/self/limits', 'latin1'), own);
});

test('a limit above the hard one is the hard one', async (t) => {
  const { text } = await run(t, 'ulimit -S -n; ulimit -H -n', { openFilesLimit: 'unlimited' });
  const [soft, hard] = text.split('\n');
  assert.equal(soft, hard);
});

for (const [words, expected] of [
  ['exit 3', { kind: 'exited', status: 3 }],
  ['kill -KILL $$', { kind: 'signalled', signal: 'SIGKILL' }],
  ['kill -TERM $$', { kind: 'signalled', signal: 'SIGTERM' }],
] as const) {
  test(`of the end by “${words}” is told what it was`, async (t) => {
    assert.deepEqual((await run(t, words)).end, expected);
  });
}

test('what cannot be started is an error by its name', async (t) => {
  assert.equal((await run(t, '', { path: '/nowhere/at/all' })).end, 'ENOENT');
  assert.equal((await run(t, '', { path: '/etc/passwd' })).end, 'EACCES');
});

test('of a child that somebody else has reaped the end is unknown', async (t) => {
  const { pid } = await run(t, 'exit 0');
  assert.deepEqual(requireSpawner().reap(Number(pid)), { kind: 'unknown' });
});
