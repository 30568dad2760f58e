// The kernel itself tells of ends, and starts programs: children of our own that end by themselves or are killed.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadKernel } from '../../../src/system/real/kernel.ts';
import { testForks } from '../../../src/system/real/proc/fork-self-test.ts';

const NO_PID = 2 ** 22 + 1;

const kernel = await loadKernel();

/** They end when their standard input does. */
function startChildren(count: number): ChildProcess[] {
  return Array.from({ length: count }, () =>
    spawn('/bin/sh', ['-c', 'read line'], { stdio: ['pipe', 'ignore', 'ignore'] }),
  );
}

function isZombie(pid = 0): boolean {
  return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

function watched(exits: ReturnType<typeof kernel.openExits>, child: ChildProcess) {
  let close: () => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    const watch = exits.watch(child.pid ?? 0, () => resolve(child.pid ?? 0));
    assert.ok('close' in watch);
    close = watch.close;
  });
  return { ended, close: () => close() };
}

test('the end of every process is told once, of hundreds at a time', async (t) => {
  const exits = kernel.openExits();
  t.after(exits.close);
  const children = startChildren(300);
  const ends = children.map((child) => watched(exits, child).ended);
  for (const child of children) child.stdin?.end();
  assert.deepEqual(
    await Promise.all(ends),
    children.map(({ pid }) => pid),
  );
});

test('what waits for the ends comes when all of hundreds have been told, or soon, where none is being told', async (t) => {
  const exits = kernel.openExits();
  t.after(exits.close);
  const children = startChildren(300);
  let told = 0;
  const toldAtWait = new Promise<number>((resolve) => {
    for (const { pid = 0 } of children) {
      exits.watch(pid, () => {
        told += 1;
        if (told === 1) exits.afterTold(() => resolve(told));
      });
    }
  });
  for (const child of children) child.kill('SIGKILL');
  // Nothing is told meanwhile: Node's loop stands.
  for (const { pid } of children) while (!isZombie(pid));
  assert.equal(await toldAtWait, 300);
  await new Promise<void>((resolve) => exits.afterTold(resolve));
});

test('of a process that is watched no more nothing is told', async (t) => {
  const exits = kernel.openExits();
  t.after(exits.close);
  const [first, second] = startChildren(2);
  assert.ok(first && second);
  const { ended, close } = watched(exits, first);
  let isTold = false;
  void ended.then(() => {
    isTold = true;
  });
  close();
  const other = watched(exits, second).ended;
  first.stdin?.end();
  await new Promise((resolve) => first.on('exit', resolve));
  second.stdin?.end();
  await other;
  assert.equal(isTold, false);
});

test('a pid that nobody has is told to have gone', (t) => {
  const exits = kernel.openExits();
  t.after(exits.close);
  assert.deepEqual(
    exits.watch(NO_PID, () => undefined),
    { error: 'ESRCH' },
  );
});

test('the self-test passes here, and says why it does not where nothing is told', async (t) => {
  const exits = kernel.openExits();
  t.after(exits.close);
  assert.deepEqual(await testForks(kernel.programs, exits), { exitsReason: undefined, isLastPidTrue: true });
  const { exitsReason } = await testForks(kernel.programs, { watch: () => ({ error: 'ENOSYS' }) });
  assert.equal(exitsReason, 'pidfd_open: ENOSYS');
});

test('of more than may be open at a time nothing is told, and nothing is opened', async (t) => {
  const exits = kernel.openExits(1);
  t.after(exits.close);
  const [first, second] = startChildren(2);
  assert.ok(first && second);
  const { ended } = watched(exits, first);
  assert.deepEqual(
    exits.watch(second.pid ?? 0, () => undefined),
    { error: 'EMFILE' },
  );
  second.stdin?.end();
  first.stdin?.end();
  await ended;
});
