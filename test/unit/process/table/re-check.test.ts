// What is read again at which scan, and who is found then.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Depth } from '../../../../src/process/table/read-policy.ts';
import { createSimulatedSystem } from '../../../../src/system/simulated/system.ts';
import { ruleFor } from '../rules.ts';
import { createScene } from './scene.ts';

const EXECED = { argv: ['java'], comm: 'java' };

test('a second look reads only what fits and what is new', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'] });
  for (let index = 0; index < 100; index++) system.proc.start({ argv: ['other'] });
  const { look, readsOf } = createScene(system, [ruleFor(system, 'java')]);
  look('new');
  system.clock.advance(60_000);
  const other = system.proc.start({ argv: ['other'] });
  const reads = readsOf(() => assert.deepEqual(look('new'), [java.pid]));
  const wanted = new Set([`${java.pid} stat`, `${other.pid} head`, `${other.pid} stat`]);
  assert.deepEqual(new Set(reads), wanted);
});

test('all full checks of a minute together ask about every process once', () => {
  const system = createSimulatedSystem();
  const others = Array.from({ length: 100 }, () => system.proc.start({ argv: ['other'] }));
  const { look, readsOf } = createScene(system, [ruleFor(system, 'java')]);
  look('full');
  system.clock.advance(60_000);
  for (let turn = 0; turn < 48; turn++) look('full');
  const reads = readsOf(() => {
    for (let turn = 0; turn < 6; turn++) look('full');
  });
  const verified = reads.filter((read) => read.endsWith(' auxv'));
  assert.ok(verified.length > 80, 'an eighth of them is read whole');
  const whole = reads.filter((read) => read.endsWith(' stat'));
  const asked = [...verified, ...whole].map((read) => Number.parseInt(read, 10));
  assert.deepEqual(
    asked.sort((one, other) => one - other),
    others.map(({ pid }) => pid),
  );
});

test('a kernel thread is asked about once in all full checks of a minute', () => {
  const system = createSimulatedSystem();
  const { pid } = system.proc.start({ argv: [], comm: 'kswapd0', isKernelThread: true });
  const { look, readsOf } = createScene(system, [ruleFor(system, 'java')]);
  look('full');
  system.clock.advance(60_000);
  const reads = readsOf(() => {
    for (let turn = 0; turn < 6; turn++) look('full');
  });
  assert.deepEqual(reads, [`${pid} stat`]);
});

test('a process that execs into the service while it is young is found by the next look', () => {
  const system = createSimulatedSystem();
  const shell = system.proc.start({ argv: ['sh', '-c', 'exec java'] });
  const { look } = createScene(system, [ruleFor(system, 'java')]);
  assert.deepEqual(look('new'), []);
  system.clock.advance(3000);
  Object.assign(shell, EXECED, { startStack: shell.startStack + 16 });
  assert.deepEqual(look('new'), [shell.pid]);
});

test('an old process that execs into the service is found within the full checks of a minute, and at once when all are asked for', () => {
  for (const depths of [Array<Depth>(6).fill('full'), ['everything'] as const]) {
    const system = createSimulatedSystem();
    const shell = system.proc.start({ argv: ['sh'] });
    const { look } = createScene(system, [ruleFor(system, 'java')]);
    look('new');
    system.clock.advance(60_000);
    Object.assign(shell, EXECED, { startStack: shell.startStack + 16 });
    assert.deepEqual(look('new'), []);
    assert.ok(depths.some((depth) => look(depth).includes(shell.pid)));
  }
});

test('an old process that gives itself the name of a service is found in the eighth minute, whatever its pid', () => {
  for (const shares of [6, 7, 60]) {
    const system = createSimulatedSystem();
    const others = Array.from({ length: 130 }, () => system.proc.start({ argv: ['sh'], comm: 'sh' }));
    const { look } = createScene(system, [ruleFor(system, 'java')], shares);
    look('full');
    system.clock.advance(60_000);
    for (let turn = 0; turn < shares; turn++) look('full');
    for (const process of others) process.argv = ['java'];
    for (let turn = 1; turn < 8 * shares; turn++) look('full');
    assert.equal(look('full').length, others.length);
  }
});

test('one that fits and execs another program is out at the next look', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'] });
  const { look } = createScene(system, [ruleFor(system, 'java')]);
  look('full');
  system.clock.advance(60_000);
  const { startStack } = java;
  Object.assign(java, { argv: ['sleep'], comm: 'sleep', exe: '/bin/sleep', startStack: startStack + 16 });
  assert.deepEqual(look('new'), []);
});

test('one that fits and writes its command line anew is out within the full checks of a minute', () => {
  const system = createSimulatedSystem();
  const all = Array.from({ length: 100 }, () => system.proc.start({ argv: ['java', 'tomcat'] }));
  const { look } = createScene(system, [ruleFor(system, 'java', 'tomcat')]);
  look('full');
  system.clock.advance(60_000);
  for (const process of all) process.argv = ['java', 'jetty'];
  for (let turn = 1; turn < 6; turn++) assert.notDeepEqual(look('full'), []);
  assert.deepEqual(look('full'), []);
});

test('of all that fit the program is verified at a full check, and the command lines of a share are read', () => {
  const system = createSimulatedSystem();
  for (let index = 0; index < 600; index++) system.proc.start({ argv: ['java'] });
  const { look, scan, readsOf } = createScene(system, [ruleFor(system, 'java')]);
  look('full');
  system.clock.advance(60_000);
  for (let turn = 0; turn < 6; turn++) look('full');
  const lines = new Set<string>();
  for (let turn = 0; turn < 6; turn++) {
    const reads = readsOf(() => scan('full'));
    assert.equal(reads.filter((read) => read.endsWith(' auxv')).length, 500);
    assert.equal(reads.filter((read) => read.endsWith(' stat')).length, 100);
    const heads = reads.filter((read) => read.endsWith(' head'));
    assert.equal(heads.length, 100);
    for (const head of heads) lines.add(head);
  }
  assert.equal(lines.size, 600);
});

test('a zombie that fitted is gone at the next look, though its pid is there', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'] });
  const { look } = createScene(system, [ruleFor(system, 'java')]);
  look('new');
  system.clock.advance(60_000);
  java.isZombie = true;
  assert.deepEqual(look('new'), []);
});

test('whoever has a rule’s name, but no command line that can be read, is asked again at every look', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java', 'tomcat'], isUnreadable: true });
  const { look } = createScene(system, [ruleFor(system, 'java', 'tomcat')]);
  assert.deepEqual(look('new'), []);
  system.clock.advance(60_000);
  look('new');
  java.isUnreadable = false;
  assert.deepEqual(look('new'), [java.pid]);
});

test('a new rule is compared with everything that is known', () => {
  const system = createSimulatedSystem();
  const nginx = system.proc.start({ argv: ['nginx'] });
  const { setRules, look } = createScene(system, [ruleFor(system, 'java')]);
  look('new');
  system.clock.advance(60_000);
  setRules([ruleFor(system, 'nginx')]);
  assert.deepEqual(look('new'), [nginx.pid]);
});

test('a rule that is no more has no matches', () => {
  const system = createSimulatedSystem();
  system.proc.start({ argv: ['java'] });
  const { setRules, look, table } = createScene(system, [ruleFor(system, 'java')]);
  assert.equal(look('new').length, 1);
  setRules([]);
  assert.deepEqual(look('new'), []);
  assert.equal(table.isUndecided(0), false);
});

test('a process that changes its user fits from then on, at a full check', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'], uid: 0 });
  const { look } = createScene(system, [{ ...ruleFor(system, 'java'), uid: 1000 }], 1);
  assert.deepEqual(look('full'), []);
  system.clock.advance(60_000);
  java.uid = 1000;
  const found = Array.from({ length: 8 }, () => look('full'));
  assert.deepEqual(found.at(-1), [java.pid]);
});

test('the command lines of what is about to be taken are read again, once for each scan', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java', 'tomcat'] });
  const { table, scan, pidsOf, readsOf } = createScene(system, [ruleFor(system, 'java', 'tomcat')]);
  scan('new');
  system.clock.advance(60_000);
  java.argv = ['java', 'jetty'];
  const scanned = scan('new');
  assert.deepEqual(pidsOf(0, scanned), [java.pid]);
  const reads = readsOf(() => {
    table.refresh(0, scanned);
    table.refresh(0, scanned);
  });
  assert.deepEqual(reads, [`${java.pid} stat`, `${java.pid} head`]);
  assert.deepEqual(pidsOf(0, scanned), []);
});
