// Whether a process that is held is still there and still the one that is meant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SimulatedProcess } from '../../../../src/system/simulated/processes.ts';
import { createSimulatedSystem, type SimulatedSystem } from '../../../../src/system/simulated/system.ts';
import { ruleFor } from '../rules.ts';
import { createScene, withHeldAnswers } from './scene.ts';

/** What becomes of a process that has matched before. */
function fateAfter(change: (system: SimulatedSystem, process: SimulatedProcess) => void) {
  const system = createSimulatedSystem();
  const process = system.proc.start({ argv: ['java', 'tomcat'] });
  const { look, table } = createScene(system, [ruleFor(system, 'java', 'tomcat')], 1);
  assert.deepEqual(look('full'), [process.pid]);
  system.clock.advance(60_000);
  change(system, process);
  look('full');
  return table.fateOf(process, 0);
}

test('a held process stays held while its command line cannot be read', () => {
  const fate = fateAfter((_, process) => {
    process.isUnreadable = true;
  });
  assert.equal(fate, 'matches');
});

test('a held process stays held while its command line is empty', () => {
  const fate = fateAfter((_, process) => {
    process.argv = [];
  });
  assert.equal(fate, 'matches');
});

test('a held process that became another program by exec is not held any more', () => {
  const fate = fateAfter((_, process) => {
    Object.assign(process, { argv: ['sleep', '1'], comm: 'sleep', startStack: process.startStack + 16 });
  });
  assert.equal(fate, 'differs');
});

test('one that execs and cannot be read then is not known to be another', () => {
  const fate = fateAfter((_, process) => {
    Object.assign(process, { startStack: process.startStack + 16, isUnreadable: true });
  });
  assert.equal(fate, 'unknown');
});

test('a reused pid is another process', () => {
  const fate = fateAfter((system, { pid }) => {
    system.proc.end(pid);
    system.proc.start({ argv: ['java', 'tomcat'] }, pid);
  });
  assert.equal(fate, 'gone');
});

test('a held process that is hidden from pcheck stays held', () => {
  const hide = ({ proc }: SimulatedSystem) => {
    proc.read = () => -1;
    proc.pids = () => Int32Array.of();
    proc.readOfProcess = () => -1;
  };
  assert.equal(fateAfter(hide), 'unknown');
  const gone = fateAfter((system) => {
    hide(system);
    system.proc.isThere = () => false;
  });
  assert.equal(gone, 'gone');
});

test('of one that has not answered yet it is not known whether it is another', () => {
  const { system } = withHeldAnswers();
  const process = system.proc.start({ argv: ['sleep'] });
  const { scan, table } = createScene(system, [ruleFor(system, 'java')]);
  assert.equal(table.fateOf(process, 0), 'unknown');
  scan('full');
  assert.equal(table.fateOf(process, 0), 'unknown');
});
