// Who is in a process group, and which groups are left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descendsFrom, groupsLeft, isInGroup } from '../../../src/process/group.ts';
import { createProcessReader } from '../../../src/process/reader.ts';
import { createSimulatedSystem } from '../../../src/system/simulated/system.ts';

test('who is in a group, and who descends from whom, is told of each process', () => {
  const system = createSimulatedSystem();
  const reader = createProcessReader(system.proc);
  const script = system.proc.start({ argv: ['sh', 'start.sh'] });
  const { pid: group } = script;
  const service = system.proc.start({ argv: ['java'], ppid: group, processGroup: group });
  const worker = system.proc.start({ argv: ['worker'], ppid: service.pid, processGroup: group });
  const gone = system.proc.start({ argv: ['gone'], processGroup: group, isZombie: true });
  const elsewhere = system.proc.start({ argv: ['elsewhere'], ppid: group });
  const pids = [group, service.pid, worker.pid, gone.pid, elsewhere.pid];
  assert.deepEqual(
    pids.map((pid) => isInGroup(reader, pid, group)),
    [true, true, true, false, false],
  );
  assert.deepEqual(
    pids.map((pid) => descendsFrom(reader, pid, [service.pid])),
    [false, true, true, false, false],
  );
});

test('which of many groups are left is told by one pass over the processes', () => {
  const system = createSimulatedSystem();
  const groups = Array.from({ length: 50 }, () => system.proc.start({ argv: ['sh', 'start.sh'] }).pid);
  const [gone = 0, dead = 0] = groups;
  system.proc.end(gone);
  Object.assign(system.proc.get(dead) ?? {}, { isZombie: true });
  system.proc.start({ argv: ['elsewhere'] });
  const { readOfProcess } = system.proc;
  let reads = 0;
  system.proc.readOfProcess = (...words) => {
    reads += 1;
    return readOfProcess(...words);
  };
  const left = groupsLeft(system.proc, createProcessReader(system.proc), new Set(groups));
  assert.deepEqual([...left], groups.slice(2));
  assert.equal(reads, system.proc.pids().length);
});
