// The real /proc through the seam: this very process is read as it is, what is not there is an answer.
import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { test } from 'node:test';
import { createProcessReader } from '../../../src/process/reader.ts';
import { loadKernel } from '../../../src/system/real/kernel.ts';
import { createRealProc, realProc } from '../../../src/system/real/proc/proc.ts';
import type { ProcTable } from '../../../src/system/types.ts';

const NO_PID = 2 ** 22 + 1;

test('this process is in the table, with its command line, executable and namespace', () => {
  const reader = createProcessReader(realProc);
  assert.ok(realProc.pids().includes(process.pid));
  const stat = reader.stat(process.pid);
  assert.ok(stat !== undefined);
  assert.equal(stat.ppid, process.ppid);
  assert.equal(reader.exe(process.pid, true), realpathSync(process.execPath));
  assert.equal(reader.isInOwnNamespace(process.pid), true);
});

test('a process that is not there is no error', () => {
  const reader = createProcessReader(realProc);
  assert.equal(reader.stat(NO_PID), undefined);
  assert.equal(realProc.exe(String(NO_PID)), undefined);
  assert.deepEqual(realProc.tasks(NO_PID), []);
});

test('by calls of libc the same is read as by those of Node', async () => {
  const kernel = await loadKernel();
  const fast = createRealProc(kernel);
  const { pid } = process;
  const [ours, theirs] = [Buffer.alloc(4096), Buffer.alloc(4096)];
  assert.ok(fast.pids().includes(pid));
  assert.deepEqual(
    [...fast.pids()],
    [...fast.pids()].sort((a, b) => a - b),
  );
  for (const [name, read] of [
    ['auxv', (proc: ProcTable, into: Buffer) => proc.readOfProcess(pid, 'auxv', into)],
    ['exe', (proc: ProcTable, into: Buffer) => proc.readExe(pid, into)],
  ] as const) {
    const length = read(fast, ours);
    assert.ok(length > 0, name);
    assert.equal(length, read(realProc, theirs), name);
    assert.deepEqual(ours.subarray(0, length), theirs.subarray(0, length), name);
  }
  assert.ok(fast.readOfProcess(pid, 'stat', ours) > 0);
  assert.equal(fast.readOfProcess(NO_PID, 'stat', ours), -1);
  assert.equal(fast.readExe(NO_PID, ours), -1);
});
