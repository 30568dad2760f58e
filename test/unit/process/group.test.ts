// Who is in a process group, and which groups are left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupMembers, groupsLeft } from '../../../src/process/group.ts';
import { createProcessReader } from '../../../src/process/reader.ts';
import { createSimulatedSystem } from '../../../src/system/simulated/system.ts';

test('a process group is known without the spared processes and their descendants', () => {
  const system = createSimulatedSystem();
  const script = system.proc.start({ argv: ['sh', 'start.sh'] });
  const helper = system.proc.start({ argv: ['sleep', '99'], ppid: script.pid, processGroup: script.pid });
  const service = system.proc.start({ argv: ['java'], ppid: script.pid, processGroup: script.pid });
  system.proc.start({ argv: ['worker'], ppid: service.pid, processGroup: script.pid });
  system.proc.start({ argv: ['gone'], processGroup: script.pid, isZombie: true });
  system.proc.start({ argv: ['elsewhere'], ppid: script.pid });
  const members = groupMembers(system.proc, createProcessReader(system.proc), script.pid, [service.pid]);
  assert.deepEqual(members, [script.pid, helper.pid]);
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
