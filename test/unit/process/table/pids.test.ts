// Who has come, as the kernel tells it by pids: one by one, all, or all anew.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedSystem, type SimulatedSystem } from '../../../../src/system/simulated/system.ts';
import type { NewPids } from '../../../../src/system/types.ts';
import { ruleFor } from '../rules.ts';
import { createScene } from './scene.ts';

function tells({ proc }: SimulatedSystem, answer: NewPids): void {
  proc.newPids = () => answer;
}

test('a pid that was given again is another process, whatever was known of it', () => {
  const system = createSimulatedSystem();
  const { pid } = system.proc.start({ argv: ['other'] });
  const { look } = createScene(system, [ruleFor(system, 'java')]);
  look('new');
  system.clock.advance(60_000);
  system.proc.end(pid);
  system.proc.start({ argv: ['java'] }, pid);
  assert.deepEqual(look('new'), [pid]);
});

test('a pid ahead of those that were given last, which somebody had before, is another process', () => {
  const system = createSimulatedSystem();
  const [first, second] = [1, 2].map(() => system.proc.start({ argv: ['other'] }));
  assert.ok(first && second);
  const { look } = createScene(system, [ruleFor(system, 'java')]);
  look('new');
  // All pids have been given once: they begin again at the first.
  system.proc.end(first.pid);
  system.proc.start({ argv: ['other'] }, first.pid);
  look('new');
  system.clock.advance(60_000);
  system.proc.end(second.pid);
  assert.equal(system.proc.start({ argv: ['java'] }).pid, second.pid);
  assert.deepEqual(look('new'), [second.pid]);
});

test('when pids have begun again, a child that is forked under a known pid is another process than its parent was', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'] });
  const { table, look, scan } = createScene(system, [ruleFor(system, 'java')]);
  look('everything');
  system.clock.advance(60_000);
  look('everything');
  system.proc.end(java.pid);
  const { startStack } = java;
  const fork = system.proc.start({ argv: ['java'], startStack }, java.pid);
  const [match] = table.matchesOf(0, scan('new'));
  assert.equal(match?.startTicks, fork.startTicks);
});

test('when all pids are listed, those that were given since are other processes, the others are not', () => {
  const system = createSimulatedSystem();
  const { proc } = system;
  const [before, reused] = [proc.start({ argv: ['other'] }), proc.start({ argv: ['other'] })];
  const { look, readsOf } = createScene(system, [ruleFor(system, 'java')]);
  look('everything');
  system.clock.advance(60_000);
  proc.end(reused.pid);
  proc.start({ argv: ['java'] }, reused.pid);
  tells(system, {
    are: 'all',
    pids: proc.pids(),
    reusedAbove: before.pid,
    reusedUpTo: reused.pid,
  });
  const reads = readsOf(() => assert.deepEqual(look('new'), [reused.pid]));
  assert.ok(reads.every((read) => read.startsWith(`${reused.pid} `)));
});

test('whoever is not in the list of all has gone', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'] });
  const { look, table } = createScene(system, [ruleFor(system, 'java')]);
  look('new');
  system.proc.end(java.pid);
  tells(system, { are: 'all', pids: system.proc.pids(), reusedAbove: 0, reusedUpTo: 0 });
  assert.deepEqual(look('new'), []);
  assert.deepEqual(table.argvOf(java.pid), []);
});

test('who came since the last look is asked for one by one, further threads are nobody', () => {
  const system = createSimulatedSystem();
  const { look } = createScene(system, [ruleFor(system, 'java')]);
  look('new');
  let lists = 0;
  const { pids, read } = system.proc;
  system.proc.pids = () => {
    lists += 1;
    return pids();
  };
  const java = system.proc.start({ argv: ['java'], threads: 2 });
  const thread = system.proc.start({ argv: ['java'], threads: 2 });
  system.proc.read = (path, into) =>
    path === `${thread.pid}/status` ? into.write(`Name:\tjava\nTgid:\t${java.pid}\n`) : read(path, into);
  assert.deepEqual(look('new'), [java.pid]);
  assert.equal(lists, 0);
});

test('all pids are listed once in the full checks of a minute', () => {
  const system = createSimulatedSystem();
  const { look } = createScene(system, [ruleFor(system, 'java')]);
  look('new');
  const { proc } = system;
  const { newPids } = proc;
  // One that was put to a pid of its choice is told by nobody.
  proc.newPids = () => {
    newPids();
    return { are: 'these', pids: [] };
  };
  const java = proc.start({ argv: ['java'] });
  system.clock.advance(60_000);
  const found = Array.from({ length: 6 }, () => look('full'));
  assert.deepEqual(found.at(-1), [java.pid]);
});

test('who was told before a list that failed is another process all the same', () => {
  const system = createSimulatedSystem();
  const { proc } = system;
  const other = proc.start({ argv: ['other'] });
  const { look } = createScene(system, [ruleFor(system, 'java')], 1);
  look('full');
  system.clock.advance(60_000);
  proc.end(other.pid);
  proc.start({ argv: ['java'] }, other.pid);
  const answers: NewPids[] = [{ are: 'these', pids: [other.pid] }];
  proc.newPids = () => answers.pop() ?? { are: 'these', pids: [] };
  const { pids } = proc;
  proc.pids = () => {
    throw new Error('EMFILE');
  };
  assert.throws(() => look('full'), /EMFILE/);
  proc.pids = pids;
  assert.deepEqual(look('new'), [other.pid]);
});
