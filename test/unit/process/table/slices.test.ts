// A scan that breaks off, because its time is spent or /proc cannot be looked at, and goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedSystem, type SimulatedSystem } from '../../../../src/system/simulated/system.ts';
import { ruleFor } from '../rules.ts';
import { createScene } from './scene.ts';

/** Of this process nothing can be read, until it is told otherwise. */
function failsAt({ proc }: SimulatedSystem, failing: number): () => void {
  const { readOfProcess } = proc;
  proc.readOfProcess = (pid, name, into) => {
    if (pid === failing) throw new Error('EMFILE');
    return readOfProcess(pid, name, into);
  };
  return () => {
    proc.readOfProcess = readOfProcess;
  };
}

test('a scan that is cut into slices reads everybody once', () => {
  const system = createSimulatedSystem();
  for (let index = 0; index < 200; index++) system.proc.start({ argv: ['other'] });
  const java = system.proc.start({ argv: ['java'] });
  const { table, pidsOf, readsOf } = createScene(system, [ruleFor(system, 'java')]);
  const scan = table.scan('everything', 10);
  let slices = 0;
  const reads = readsOf(() => {
    do {
      table.beginTurn();
      slices += 1;
    } while (scan.advance(() => true) !== 'over');
  });
  assert.ok(slices > 5, `${slices} slices`);
  assert.equal(reads.filter((read) => read.endsWith(' stat')).length, 201);
  assert.deepEqual(pidsOf(0, scan), [java.pid]);
});

test('who matches is read in the first slices, and that this is done is told', () => {
  const system = createSimulatedSystem();
  const { proc } = system;
  for (let index = 0; index < 200; index++) proc.start({ argv: ['other'] });
  const java = proc.start({ argv: ['java'] });
  const { look, table, readsOf } = createScene(system, [ruleFor(system, 'java')], 1);
  look('full');
  look('full');
  system.clock.advance(60_000);
  table.beginTurn();
  const scan = table.scan('full', 10);
  const reads = readsOf(() =>
    assert.equal(
      scan.advance(() => true),
      'watched',
    ),
  );
  assert.ok(reads.includes(`${java.pid} stat`));
  assert.ok(reads.length < 100);
});

test('a pid that goes to another one between two slices is read once, as that one', () => {
  const system = createSimulatedSystem();
  const { proc } = system;
  for (let index = 0; index < 100; index++) proc.start({ argv: ['other'] });
  const last = proc.start({ argv: ['other'] });
  const { table, pidsOf, scan, readsOf } = createScene(system, [ruleFor(system, 'java')]);
  const slow = table.scan('everything', 10);
  assert.equal(
    slow.advance(() => true),
    'begun',
  );
  proc.end(last.pid);
  scan('everything');
  proc.start({ argv: ['java'] }, last.pid);
  scan('new');
  const reads = readsOf(() => void slow.advance(() => false));
  assert.ok(!reads.some((read) => read.startsWith(`${last.pid} `)));
  assert.deepEqual(pidsOf(0, slow), [last.pid]);
  proc.end(last.pid);
  assert.deepEqual(pidsOf(0, scan('new')), []);
});

test('a look that fails in the middle has lost nothing', () => {
  const system = createSimulatedSystem();
  const [first, second] = [1, 2].map(() => system.proc.start({ argv: ['java'] }));
  const { table, look, pidsOf } = createScene(system, [ruleFor(system, 'java')]);
  const heal = failsAt(system, second?.pid ?? 0);
  const broken = table.scan('new', 10);
  assert.throws(() => broken.advance(() => false), /EMFILE/);
  heal();
  const all = [first?.pid, second?.pid];
  assert.equal(
    broken.advance(() => false),
    'over',
    'the same scan goes on at the process that failed',
  );
  assert.deepEqual(pidsOf(0, broken), all);
  assert.deepEqual(look('new'), all);
});

test('a full check that fails in the middle is made up for by the next look, however quick', () => {
  const system = createSimulatedSystem();
  const { proc } = system;
  const { look } = createScene(system, [ruleFor(system, 'java')]);
  look('full');
  const [other, java] = [proc.start({ argv: ['other'] }), proc.start({ argv: ['java'] })];
  const heal = failsAt(system, other.pid);
  assert.throws(() => look('full'), /EMFILE/);
  heal();
  system.clock.advance(30_000);
  assert.deepEqual(look('new'), [java.pid]);
});

test('a comparison with new rules that fails in the middle is made up for by the next look', () => {
  const system = createSimulatedSystem();
  const { proc } = system;
  const nginx = proc.start({ argv: ['nginx'] });
  const { look, setRules } = createScene(system, [ruleFor(system, 'java')]);
  look('full');
  system.clock.advance(60_000);
  setRules([{ ...ruleFor(system, 'nginx'), uid: 0 }]);
  const { read } = proc;
  proc.read = (path, into) => {
    if (path === `${nginx.pid}/status`) throw new Error('EMFILE');
    return read(path, into);
  };
  assert.throws(() => look('new'), /EMFILE/);
  proc.read = read;
  assert.deepEqual(look('new'), [nginx.pid]);
});
