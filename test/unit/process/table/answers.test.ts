// Command lines whose answers come later, too late or never: what is read of whom, who is waited for, what counts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSimulatedSystem } from '../../../../src/system/simulated/system.ts';
import { HEAD_BYTES } from '../../../../src/system/types.ts';
import { ruleFor } from '../rules.ts';
import { createScene, letGo, withHeldAnswers } from './scene.ts';

const LONG = 'x'.repeat(HEAD_BYTES);

test('a stranger costs the head of its command line, however long that is', () => {
  const system = createSimulatedSystem();
  const { pid } = system.proc.start({ argv: ['other', LONG, 'tomcat'] });
  const { look, readsOf } = createScene(system, [ruleFor(system, 'java', 'tomcat')]);
  const reads = readsOf(() => assert.deepEqual(look('everything'), []));
  assert.deepEqual(reads, [`${pid} stat`, `${pid} head`]);
});

test('who has the name of an entry has all of its command line searched, where the head leaves it open', () => {
  const system = createSimulatedSystem();
  const { proc } = system;
  const late = proc.start({ argv: ['java', LONG, 'tomcat'] });
  const early = proc.start({ argv: ['java', 'tomcat', LONG] });
  const neither = proc.start({ argv: ['java', LONG, 'jetty'] });
  const short = proc.start({ argv: ['java', 'jetty'] });
  const { look, readsOf } = createScene(system, [ruleFor(system, 'java', 'tomcat')]);
  const reads = readsOf(() => assert.deepEqual(look('everything'), [late.pid, early.pid]));
  const searched = reads.filter((read) => read.endsWith(' search'));
  assert.deepEqual(searched, [`${late.pid} search`, `${neither.pid} search`]);
  assert.ok(reads.includes(`${short.pid} head`));
});

test('who has another user or executable than every entry wants has nothing of its command line read', () => {
  const system = createSimulatedSystem();
  const { pid } = system.proc.start({ argv: ['java'], uid: 1000 });
  const { look, readsOf } = createScene(system, [
    { ...ruleFor(system, 'java'), uid: 0 },
    { ...ruleFor(system, 'java'), executable: '/opt/java' },
  ]);
  const reads = readsOf(() => assert.deepEqual(look('everything'), []));
  assert.deepEqual(reads, [`${pid} stat`]);
});

test('nobody waits for a process whose user or executable rules it out', () => {
  const { system } = withHeldAnswers();
  system.proc.start({ argv: ['java'], exe: '/usr/bin/java', uid: 1000 });
  const { scan, table } = createScene(system, [
    ruleFor(createSimulatedSystem(), 'java'),
    { ...ruleFor(createSimulatedSystem(), 'java'), uid: 0 },
    { ...ruleFor(createSimulatedSystem(), 'java'), executable: '/opt/java' },
    { ...ruleFor(createSimulatedSystem(), 'java'), executable: '/usr/bin/java' },
  ]);
  scan('new');
  assert.deepEqual(
    [0, 1, 2, 3].map((key) => table.isUndecided(key)),
    [true, false, false, true],
  );
});

test('once the head is there, only the entry whose name it has waits for the search', () => {
  const { system, answers } = withHeldAnswers();
  const { pid } = system.proc.start({ argv: ['java', LONG, 'tomcat'] });
  const { scan, table, pidsOf } = createScene(system, [
    ruleFor(system, 'nginx'),
    ruleFor(system, 'java', 'tomcat'),
  ]);
  const scanned = scan('new');
  letGo(answers);
  assert.deepEqual(
    [0, 1].map((key) => table.isUndecided(key)),
    [false, true],
  );
  letGo(answers);
  assert.equal(table.isUndecided(1), false);
  assert.deepEqual(pidsOf(1, scanned), [pid]);
});

test('an answer that does not come is waited for 200 ms, and counts when it comes at last', () => {
  const { system, answers } = withHeldAnswers();
  const { pid } = system.proc.start({ argv: ['java'] });
  const { look, scan, pidsOf, table, told } = createScene(system, [ruleFor(system, 'java')]);
  const scanned = scan('new');
  system.clock.advance(199);
  assert.ok(table.isUndecided(0));
  system.clock.advance(1);
  assert.ok(table.isUndecided(0), 'the loop may have been held up: it listens first');
  system.clock.advance(10);
  assert.equal(table.isUndecided(0), false);
  assert.deepEqual(table.silent(), [{ pid, since: 0 }]);
  assert.deepEqual(look('new'), []);
  letGo(answers);
  assert.deepEqual(told, [0]);
  assert.deepEqual(table.silent(), []);
  assert.deepEqual(pidsOf(0, scanned), [pid]);
});

test('who does not answer is not asked a second time meanwhile', () => {
  const { system, answers } = withHeldAnswers();
  const { pid } = system.proc.start({ argv: ['java'] });
  const { look, readsOf } = createScene(system, [ruleFor(system, 'java')], 1);
  look('new');
  const reads = readsOf(() => {
    for (let turn = 0; turn < 20; turn++) {
      system.clock.advance(10_000);
      look(turn % 2 === 0 ? 'full' : 'everything');
    }
  });
  assert.ok(!reads.includes(`${pid} head`));
  assert.equal(answers.length, 1);
});

test('a match whose command line is asked for again stays a match until it has answered', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java', 'tomcat'] });
  const { look, scan, table, told } = createScene(system, [ruleFor(system, 'java', 'tomcat')], 1);
  look('full');
  system.clock.advance(60_000);
  java.argv = ['java', 'jetty'];
  const answers: (() => void)[] = [];
  system.deliver = (answer) => void answers.push(answer);
  told.splice(0);
  assert.deepEqual(look('full'), [java.pid]);
  assert.ok(table.isUndecided(0));
  letGo(answers);
  assert.deepEqual(told, [0]);
  assert.deepEqual(table.matchesOf(0, scan('new')), []);
});

test('an answer of a program that has called exec since does not count', () => {
  const { system, answers } = withHeldAnswers();
  const shell = system.proc.start({ argv: ['java'] });
  const { look, told } = createScene(system, [ruleFor(system, 'java')]);
  look('new');
  const [first, ...more] = answers.splice(0);
  assert.deepEqual(more, []);
  const { startStack } = shell;
  Object.assign(shell, { argv: ['sleep'], comm: 'sleep', startStack: startStack + 16 });
  look('new');
  // What was read before the exec, though it comes after it.
  shell.argv = ['java'];
  first?.();
  assert.deepEqual(told, []);
  shell.argv = ['sleep'];
  letGo(answers);
  assert.deepEqual(look('new'), []);
});

test('an answer of one that has gone does not count for whoever has its pid then', () => {
  const { system, answers } = withHeldAnswers();
  const { pid } = system.proc.start({ argv: ['java'] });
  const { look, table, told } = createScene(system, [ruleFor(system, 'java')]);
  look('new');
  system.proc.end(pid);
  look('everything');
  letGo(answers);
  assert.deepEqual(told, []);
  assert.equal(table.isUndecided(0), false);
  assert.deepEqual(table.silent(), []);
});

test('an old process that could not be read when it answered at last is asked again at the next look', () => {
  const { system, answers } = withHeldAnswers();
  const java = system.proc.start({ argv: ['java', 'tomcat'] });
  const { look } = createScene(system, [ruleFor(system, 'java', 'tomcat')]);
  look('new');
  system.clock.advance(120_000);
  look('new');
  java.isUnreadable = true;
  letGo(answers);
  java.isUnreadable = false;
  system.deliver = (answer) => answer();
  assert.deepEqual(look('new'), [java.pid]);
});

test('when /proc cannot be looked at while an answer comes, the next look asks again', () => {
  const { system, answers } = withHeldAnswers();
  const { proc } = system;
  const { pid } = proc.start({ argv: ['java', 'tomcat'] });
  const { look } = createScene(system, [ruleFor(system, 'java', 'tomcat')]);
  look('new');
  system.clock.advance(120_000);
  look('new');
  const { read } = proc;
  proc.read = (path, into) => {
    if (path.endsWith('status')) throw new Error('EMFILE');
    return read(path, into);
  };
  letGo(answers);
  proc.read = read;
  system.deliver = (answer) => answer();
  assert.deepEqual(look('new'), [pid]);
});

test('when /proc cannot be looked at while the answer of a search comes, the next look asks again', () => {
  const { system, answers } = withHeldAnswers();
  const { proc } = system;
  const rule = ruleFor(createSimulatedSystem(), '/usr/bin/java', 'tomcat');
  const java = proc.start({ argv: ['/usr/bin/java', LONG, 'tomcat'] });
  const { look } = createScene(system, [rule]);
  const { readExe } = proc;
  proc.readExe = () => -1;
  look('new');
  letGo(answers);
  assert.equal(answers.length, 1, 'it is searched now');
  java.isUnreadable = true;
  proc.readExe = () => {
    throw new Error('EMFILE');
  };
  letGo(answers);
  java.isUnreadable = false;
  proc.readExe = readExe;
  system.deliver = (answer) => answer();
  assert.deepEqual(look('new'), [java.pid]);
});

test('one that cannot be read has the name that the kernel knows, and no strings', () => {
  const system = createSimulatedSystem();
  const { pid } = system.proc.start({ argv: ['/usr/bin/java', 'tomcat'], isUnreadable: true });
  const rules = [
    ruleFor(system, 'java'),
    ruleFor(system, 'java', 'tomcat'),
    ruleFor(system, '/usr/bin/java'),
  ];
  const { scan, pidsOf } = createScene(system, rules);
  const scanned = scan('new');
  assert.deepEqual(
    [0, 1, 2].map((key) => pidsOf(key, scanned)),
    [[pid], [], [pid]],
  );
});
