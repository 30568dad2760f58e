// Who is in a process group.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupMembers } from '../../../src/process/group.ts';
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
