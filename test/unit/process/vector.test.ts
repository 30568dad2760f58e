// Whether a process has execed since, told by its auxiliary vector.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVectorReader } from '../../../src/process/vector.ts';
import { realProc } from '../../../src/system/real/proc/proc.ts';
import { createSimulatedSystem } from '../../../src/system/simulated/system.ts';

test('it stays as it is until the process execs', () => {
  const { proc } = createSimulatedSystem();
  const vectorOf = createVectorReader(proc);
  const java = proc.start({ argv: ['java'] });
  const before = vectorOf(java.pid);
  java.argv = ['worker'];
  assert.equal(vectorOf(java.pid), before);
  java.startStack += 16;
  assert.notEqual(vectorOf(java.pid), before);
});

test('a fork has its parent’s', () => {
  const { proc } = createSimulatedSystem();
  const vectorOf = createVectorReader(proc);
  const parent = proc.start({ argv: ['java'] });
  const child = proc.start({ argv: ['java'], startStack: parent.startStack });
  assert.equal(vectorOf(child.pid), vectorOf(parent.pid));
});

test('a kernel thread, a zombie and one that has gone have none', () => {
  const { proc } = createSimulatedSystem();
  const vectorOf = createVectorReader(proc);
  const thread = proc.start({ argv: ['kworker'], isKernelThread: true });
  const zombie = proc.start({ argv: ['java'], isZombie: true });
  assert.deepEqual([thread.pid, zombie.pid, 4000].map(vectorOf), [0, 0, 0]);
});

test('the kernel shows that of this very process', () => {
  const vectorOf = createVectorReader(realProc);
  assert.notEqual(vectorOf(process.pid), 0);
  assert.equal(vectorOf(process.pid), vectorOf(process.pid));
});
