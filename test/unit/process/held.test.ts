// Whether a process that is held is still there and still the one that is meant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stillFits } from '../../../src/process/held.ts';
import { createProcessReader } from '../../../src/process/reader.ts';
import { createSimulatedSystem } from '../../../src/system/simulated/system.ts';
import { ruleFor } from './rules.ts';

test('a held process stays held while its command line cannot be read', () => {
  const system = createSimulatedSystem();
  const process = system.proc.start({ argv: ['java', 'tomcat'] });
  process.isUnreadable = true;
  const rule = ruleFor(system, 'java', 'tomcat');
  assert.ok(stillFits(system.proc, createProcessReader(system.proc), rule, process, []));
});

test('a held process stays held while its command line is empty', () => {
  const system = createSimulatedSystem();
  const process = system.proc.start({ argv: ['java', 'tomcat'] });
  process.argv = [];
  const rule = ruleFor(system, '/usr/bin/java', 'tomcat');
  assert.ok(stillFits(system.proc, createProcessReader(system.proc), rule, process, []));
});

test('a held process that became another program by exec is not held any more', () => {
  const system = createSimulatedSystem();
  const process = system.proc.start({ argv: ['java', 'tomcat'] });
  process.argv = ['sleep', '1'];
  process.comm = 'sleep';
  const rule = ruleFor(system, 'java', 'tomcat');
  assert.equal(stillFits(system.proc, createProcessReader(system.proc), rule, process, []), undefined);
});

test('a reused pid is another process', () => {
  const system = createSimulatedSystem();
  const { pid, startTicks } = system.proc.start({ argv: ['java'] });
  system.proc.end(pid);
  system.clock.advance(1000);
  system.proc.start({ argv: ['java'] }, pid);
  const rule = ruleFor(system, 'java');
  assert.equal(
    stillFits(system.proc, createProcessReader(system.proc), rule, { pid, startTicks }, []),
    undefined,
  );
});

test('a held process that is hidden from pcheck stays held', () => {
  const system = createSimulatedSystem();
  const process = system.proc.start({ argv: ['java'] });
  system.proc.read = () => -1;
  const rule = ruleFor(system, 'java');
  assert.ok(stillFits(system.proc, createProcessReader(system.proc), rule, process, []));
  system.proc.isThere = () => false;
  assert.equal(stillFits(system.proc, createProcessReader(system.proc), rule, process, []), undefined);
});
