// Signals to process groups: who is spared, those who fork faster than they are found, who is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGroups } from '../../../../src/monitor/children/groups.ts';
import { createProcessReader } from '../../../../src/process/reader.ts';
import { createSimulatedSystem, type SimulatedSystem } from '../../../../src/system/simulated/system.ts';

/** A script's group with a helper, and in it the service with a worker, which are to be spared. */
function createScene() {
  const system = createSimulatedSystem();
  const { pid: group } = system.proc.start({ argv: ['sh', 'start.sh'] });
  const inGroup = (argv: readonly string[], ppid: number) =>
    system.proc.start({ argv, ppid, processGroup: group, session: group }).pid;
  const helper = inGroup(['sleep', '99'], group);
  const service = inGroup(['java'], group);
  const worker = inGroup(['worker'], service);
  const elsewhere = system.proc.start({ argv: ['elsewhere'], ppid: group }).pid;
  const groups = createGroups(system, createProcessReader(system.proc));
  return { system, groups, group, helper, service, worker, elsewhere, inGroup };
}

function sent({ signals }: SimulatedSystem): string[] {
  return signals.map(({ pid, signal }) => `${signal} ${pid}`);
}

/** SIGKILL ends, as in the kernel. */
function obeying(system: SimulatedSystem): void {
  system.scripts.kill = (pid, signal) => {
    system.signals.push({ pid, signal });
    if (signal === 'SIGKILL') system.proc.end(pid);
  };
}

test('with nobody to spare the whole group is signalled at once, by the kernel', () => {
  const { system, groups, group } = createScene();
  groups.terminate(group, []);
  groups.kill(group, [], () => undefined);
  assert.deepEqual(sent(system), [`SIGTERM -${group}`, `SIGKILL -${group}`]);
});

test('the spared, and what descends from them, get no signal, nor does who left the group', () => {
  const { system, groups, group, helper, service } = createScene();
  obeying(system);
  groups.terminate(group, [service]);
  assert.deepEqual(sent(system), [`SIGTERM ${group}`, `SIGTERM ${helper}`]);
  system.signals.length = 0;
  groups.kill(group, [service], () => assert.fail('nobody is left'));
  system.clock.advance(10_000);
  assert.deepEqual(sent(system), [`SIGKILL ${group}`, `SIGKILL ${helper}`]);
});

test('who is forked before each pass is found by freezing the group; the spared go on', () => {
  const { system, groups, group, helper, service, worker, inGroup } = createScene();
  let isFrozen = false;
  let hopper = inGroup(['bomb'], 1);
  system.scripts.kill = (pid, signal) => {
    system.signals.push({ pid, signal });
    if (signal === 'SIGSTOP') isFrozen = true;
    if (signal !== 'SIGKILL') return;
    system.proc.end(pid);
    // It had forked a successor before.
    if (pid === hopper && !isFrozen) hopper = inGroup(['bomb'], 1);
  };
  groups.kill(group, [service], () => assert.fail('nobody is left'));
  system.clock.advance(10_000);
  const frozenAt = sent(system).indexOf(`SIGSTOP -${group}`);
  assert.ok(frozenAt > 0, sent(system).join(', '));
  const since = sent(system).slice(frozenAt + 1);
  assert.deepEqual(since.slice(0, 2).sort(), [`SIGCONT ${service}`, `SIGCONT ${worker}`]);
  assert.ok(since.includes(`SIGKILL ${hopper}`));
  const running = [service, worker].map((pid) => system.proc.get(pid)?.argv[0]);
  assert.deepEqual(running, ['java', 'worker']);
  assert.equal(system.proc.get(hopper), undefined);
  assert.equal(system.proc.get(helper), undefined);
  assert.equal(since.at(-1)?.startsWith('SIGCONT'), true, 'nobody who is spared stays frozen');
});

test('a group that is won by no means is told of, with the number of those that are left, and nothing loops', () => {
  for (const isSpared of [true, false]) {
    const { system, groups, group, service } = createScene();
    const left: number[] = [];
    groups.kill(group, isSpared ? [service] : [], (count) => left.push(count));
    system.clock.advance(3_600_000);
    assert.deepEqual(left, [isSpared ? 2 : 4]);
    assert.ok(system.signals.length < 30);
  }
});

test('nobody stays frozen or is forgotten while /proc cannot be looked at', () => {
  const { system, groups, group, helper, service, inGroup } = createScene();
  let hopper = inGroup(['bomb'], 1);
  system.scripts.kill = (pid, signal) => {
    system.signals.push({ pid, signal });
    if (signal === 'SIGSTOP') system.proc.failure = 'EMFILE';
    if (signal !== 'SIGKILL') return;
    system.proc.end(pid);
    if (pid === hopper) hopper = inGroup(['bomb'], 1);
  };
  groups.kill(group, [service], () => undefined);
  system.clock.advance(150);
  assert.equal(sent(system).at(-1), `SIGCONT -${group}`);
  system.proc.failure = undefined;
  system.proc.end(hopper);
  system.clock.advance(1000);
  assert.equal(system.proc.get(helper), undefined);
  assert.notEqual(system.proc.get(service), undefined);
});

test('a group is gone when nobody but the spared runs, whoever has come meanwhile', () => {
  const { system, groups, group, helper, service, inGroup } = createScene();
  let isGone = false;
  groups.whenGone(group, [service], () => {
    isGone = true;
  });
  system.proc.end(group);
  system.clock.advance(1000);
  assert.equal(isGone, false);
  const late = inGroup(['late'], helper);
  system.proc.end(helper);
  system.clock.advance(1000);
  assert.equal(isGone, false, 'one that was forked since');
  Object.assign(system.proc.get(late) ?? {}, { isZombie: true });
  system.proc.failure = 'EMFILE';
  system.clock.advance(1000);
  assert.equal(isGone, false, 'nobody is known to have gone');
  system.proc.failure = undefined;
  system.clock.advance(1000);
  assert.equal(isGone, true);
});

test('a group that the kernel does not know any more is gone without a look at all processes', () => {
  const { system, groups } = createScene();
  system.proc.pids = () => assert.fail();
  let isGone = false;
  groups.whenGone(4711, [], () => {
    isGone = true;
  });
  assert.equal(isGone, true);
});

test('thousands of processes are looked at in several turns of the loop', () => {
  const { system, groups, group, helper, service } = createScene();
  for (let count = 0; count < 2500; count++) system.proc.start({ argv: ['stranger'] });
  const late = system.proc.start({ argv: ['late'], processGroup: group }).pid;
  groups.terminate(group, [service]);
  assert.deepEqual(sent(system), [`SIGTERM ${group}`, `SIGTERM ${helper}`]);
  system.clock.advance(0);
  assert.equal(sent(system).at(-1), `SIGTERM ${late}`);
});
