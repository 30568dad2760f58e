// All processes and the rules that they fit: what counts, what never does, and what is read again at which look.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCensus } from '../../../src/process/census.ts';
import type { Extent } from '../../../src/process/extent.ts';
import { withoutScripts } from '../../../src/process/held.ts';
import type { MatchRule } from '../../../src/process/matcher.ts';
import { createProcessReader } from '../../../src/process/reader.ts';
import type { Match } from '../../../src/process/types.ts';
import { createSimulatedSystem, type SimulatedSystem } from '../../../src/system/simulated/system.ts';
import { ruleFor } from './rules.ts';

function matchesOf(
  { proc }: SimulatedSystem,
  rules: readonly MatchRule[],
  reader = createProcessReader(proc),
): (readonly Match[])[] {
  const census = createCensus(proc, reader, () => 1);
  census.setRules(rules.map((rule, key) => ({ key, rule })));
  census.look('all', 10);
  return rules.map((_, index) => census.matchesOf(index, false));
}

function pidsOf(
  system: SimulatedSystem,
  name: string,
  scripts: readonly { session: number; path: string }[] = [],
): number[] {
  const [found = []] = matchesOf(system, [ruleFor(system, name)]);
  return withoutScripts(found, createProcessReader(system.proc), scripts).map(({ pid }) => pid);
}

test('every rule gets its own matches from one pass', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['/usr/bin/java', 'tomcat'] });
  const nginx = system.proc.start({ argv: ['/usr/sbin/nginx'] });
  const rules = [
    ruleFor(system, 'nginx'),
    ruleFor(system, 'java', 'tomcat'),
    ruleFor(system, 'java', 'jetty'),
  ];
  const found = matchesOf(system, rules);
  assert.deepEqual(
    found.map((matches) => matches.map(({ pid }) => pid)),
    [[nginx.pid], [java.pid], []],
  );
});

test('a zombie is gone', () => {
  const system = createSimulatedSystem();
  system.proc.start({ argv: ['java'], isZombie: true });
  assert.deepEqual(pidsOf(system, 'java'), []);
});

test('a process whose main thread has ended while others run is read through a living thread', () => {
  const system = createSimulatedSystem();
  const { pid } = system.proc.start({
    argv: ['/usr/bin/java', 'x'],
    comm: 'other',
    isZombie: true,
    threads: 3,
  });
  assert.deepEqual(pidsOf(system, '/usr/bin/java'), [pid]);
});

test('a kernel thread is never a match', () => {
  const system = createSimulatedSystem();
  system.proc.start({ argv: [], comm: 'kswapd0', isKernelThread: true });
  assert.deepEqual(pidsOf(system, 'kswapd0'), []);
});

test('a process in a container is not a match', () => {
  const system = createSimulatedSystem();
  system.proc.start({ argv: ['java'], namespacesBelow: 1 });
  assert.deepEqual(pidsOf(system, 'java'), []);
});

test('pcheck and padmin are never a match, whoever runs them', () => {
  const system = createSimulatedSystem();
  system.proc.start({ argv: ['node', '--max-semi-space-size=1', '/opt/psaver/dist/pcheck.cjs', '-f', 'p'] });
  system.proc.start({ argv: ['/usr/bin/node', '/opt/psaver/dist/padmin.cjs', '-f', 'p'] });
  const other = system.proc.start({ argv: ['node', '/srv/app.js'] });
  assert.deepEqual(pidsOf(system, 'node'), [other.pid]);
});

test('a script in progress and its subshells are no match, what it starts is', () => {
  const system = createSimulatedSystem();
  const path = '/etc/init.d/foo';
  const script = system.proc.start({ argv: ['/bin/sh', path, 'start'], comm: 'foo' });
  system.proc.start({ argv: ['/bin/sh', path, 'start'], comm: 'foo', session: script.pid });
  const service = system.proc.start({ argv: ['/usr/sbin/foo'], session: script.pid });
  assert.deepEqual(pidsOf(system, 'foo', [{ session: script.pid, path }]), [service.pid]);
});

test('a script that has become the service by exec is a match', () => {
  const system = createSimulatedSystem();
  const script = system.proc.start({ argv: ['/usr/sbin/foo', '-F'] });
  assert.deepEqual(pidsOf(system, 'foo', [{ session: script.pid, path: '/opt/start.sh' }]), [script.pid]);
});

test('a script that is run by hand is a match: only the session that pcheck began is its own', () => {
  const system = createSimulatedSystem();
  const path = '/etc/init.d/foo';
  const script = system.proc.start({ argv: ['/bin/sh', path, 'start'], comm: 'foo' });
  const byHand = system.proc.start({ argv: ['/bin/sh', path, 'start'], comm: 'foo' });
  assert.deepEqual(pidsOf(system, 'foo', [{ session: script.pid, path }]), [byHand.pid]);
});

test('pcheck’s own process is never a match, whatever it is called', () => {
  const system = createSimulatedSystem();
  const { ownPid } = system.proc;
  system.proc.start({ argv: ['/usr/bin/java', 'tomcat'] }, ownPid);
  const other = system.proc.start({ argv: ['/usr/bin/java', 'tomcat'] });
  assert.deepEqual(pidsOf(system, '/usr/bin/java'), [other.pid]);
});

test('a program that is its own restart script is a match', () => {
  const system = createSimulatedSystem();
  const script = system.proc.start({ argv: ['/usr/sbin/foo'] });
  assert.deepEqual(pidsOf(system, 'foo', [{ session: script.pid, path: '/usr/sbin/foo' }]), [script.pid]);
});

test('whether a process lives in a container is read without losing its command line for the next rule', () => {
  const system = createSimulatedSystem();
  system.proc.start({ argv: ['java', 'tomcat'] });
  const rules = [ruleFor(system, 'java', 'tomcat'), ruleFor(system, 'java', 'tomcat')];
  const found = matchesOf(system, rules);
  assert.deepEqual(
    found.map((matches) => matches.length),
    [1, 1],
  );
});

test('a command line of gigabytes is looked at up to a bound, and keeps no memory', () => {
  const system = createSimulatedSystem();
  system.proc.start({ argv: ['java', 'tomcat'] });
  const { read } = system.proc;
  let largest = 0;
  system.proc.read = (path, into) => {
    if (!path.endsWith('cmdline')) return read(path, into);
    largest = Math.max(largest, into.length);
    return into.length;
  };
  const reader = createProcessReader(system.proc);
  matchesOf(system, [ruleFor(system, 'java')], reader);
  assert.equal(largest, 16 * 1024 * 1024);
  largest = 0;
  system.proc.read = (path, into) => {
    largest = Math.max(largest, into.length);
    return read(path, into);
  };
  matchesOf(system, [ruleFor(system, 'java')], reader);
  assert.ok(largest <= 1024 * 1024);
});

/** A census of one rule that is asked again and again; how many records each look has read. */
function createScene(system: SimulatedSystem, rule: MatchRule, turns = 6) {
  const { proc } = system;
  const reads: string[] = [];
  const { readOfProcess } = proc;
  proc.readOfProcess = (pid, name, into) => {
    reads.push(`${pid} ${name}`);
    return readOfProcess(pid, name, into);
  };
  const census = createCensus(proc, createProcessReader(proc), () => turns);
  census.setRules([{ key: 1, rule: rule }]);
  return {
    census,
    look(extent: Extent): number[] {
      census.look(extent, 10);
      return census.matchesOf(1, false).map(({ pid }) => pid);
    },
    readsOf(task: () => void): string[] {
      reads.splice(0);
      task();
      return reads.splice(0);
    },
  };
}

test('a second look reads only what fits and what is new', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'] });
  for (let index = 0; index < 100; index++) system.proc.start({ argv: ['other'] });
  const { look, readsOf } = createScene(system, ruleFor(system, 'java'));
  look('new');
  system.clock.advance(60_000);
  const other = system.proc.start({ argv: ['other'] });
  const reads = readsOf(() => assert.deepEqual(look('new'), [java.pid]));
  const wanted = new Set([`${java.pid} stat`, `${other.pid} cmdline`, `${other.pid} stat`]);
  assert.deepEqual(new Set(reads), wanted);
});

test('all full checks of a minute together read every process once', () => {
  const system = createSimulatedSystem();
  const others = Array.from({ length: 100 }, () => system.proc.start({ argv: ['other'] }));
  const { look, readsOf } = createScene(system, ruleFor(system, 'java'));
  look('turn');
  system.clock.advance(60_000);
  const reads = readsOf(() => {
    for (let turn = 0; turn < 6; turn++) look('turn');
  });
  const stats = reads.filter((read) => read.endsWith('stat'));
  assert.deepEqual(stats.sort(), others.map(({ pid }) => `${pid} stat`).sort());
});

test('a process that execs into the service while it is young is found by the next look', () => {
  const system = createSimulatedSystem();
  const shell = system.proc.start({ argv: ['sh', '-c', 'exec java'] });
  const { look } = createScene(system, ruleFor(system, 'java'));
  assert.deepEqual(look('new'), []);
  system.clock.advance(3000);
  Object.assign(shell, { argv: ['java'], comm: 'java', startStack: shell.startStack + 16 });
  assert.deepEqual(look('new'), [shell.pid]);
});

test('an old process that execs into the service is found within the full checks of a minute, and at once when all are asked for', () => {
  for (const extents of [Array<Extent>(6).fill('turn'), ['all'] as const]) {
    const system = createSimulatedSystem();
    const shell = system.proc.start({ argv: ['sh'] });
    const { look } = createScene(system, ruleFor(system, 'java'));
    look('new');
    system.clock.advance(60_000);
    Object.assign(shell, { argv: ['java'], comm: 'java', startStack: shell.startStack + 16 });
    assert.deepEqual(look('new'), []);
    assert.ok(extents.some((extent) => look(extent).includes(shell.pid)));
  }
});

test('an old process that gives itself the name of a service is found in the eighth minute, whatever its pid', () => {
  for (const turns of [6, 7, 60]) {
    const system = createSimulatedSystem();
    const others = Array.from({ length: 130 }, () => system.proc.start({ argv: ['sh'] }));
    const { look } = createScene(system, ruleFor(system, 'java'), turns);
    look('turn');
    system.clock.advance(60_000);
    for (let turn = 0; turn < turns; turn++) look('turn');
    for (const process of others) Object.assign(process, { argv: ['java'], comm: 'java' });
    for (let turn = 1; turn < 8 * turns; turn++) look('turn');
    assert.equal(look('turn').length, others.length);
  }
});

test('one that fits and execs another program is out at the next look', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'] });
  const { look } = createScene(system, ruleFor(system, 'java'));
  look('turn');
  system.clock.advance(60_000);
  Object.assign(java, {
    argv: ['sleep'],
    comm: 'sleep',
    exe: '/bin/sleep',
    startStack: java.startStack + 16,
  });
  assert.deepEqual(look('new'), []);
});

test('one that fits and writes its command line anew is out at the next full check, of a hundred', () => {
  const system = createSimulatedSystem();
  const all = Array.from({ length: 100 }, () => system.proc.start({ argv: ['java', 'tomcat'] }));
  const { look } = createScene(system, ruleFor(system, 'java', 'tomcat'));
  look('turn');
  system.clock.advance(60_000);
  for (const process of all) process.argv = ['java', 'jetty'];
  assert.deepEqual(look('turn'), []);
});

test('of a thousand that fit a hundred command lines are read at a full check, in turn', () => {
  const system = createSimulatedSystem();
  for (let index = 0; index < 1000; index++) system.proc.start({ argv: ['java'] });
  const { look, readsOf } = createScene(system, ruleFor(system, 'java'));
  look('turn');
  system.clock.advance(60_000);
  for (let turn = 0; turn < 10; turn++) look('turn');
  const lines = new Set<string>();
  for (let turn = 0; turn < 10; turn++) {
    const reads = readsOf(() => assert.equal(look('turn').length, 1000));
    assert.equal(reads.filter((read) => read.endsWith(' auxv')).length, 900);
    assert.equal(reads.filter((read) => read.endsWith(' stat')).length, 100);
    const read = reads.filter((one) => one.endsWith(' cmdline'));
    assert.equal(read.length, 100);
    for (const one of read) lines.add(one);
  }
  assert.equal(lines.size, 1000);
});

test('a zombie that fitted is gone at the next look, though its pid is there', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'] });
  const { look } = createScene(system, ruleFor(system, 'java'));
  look('new');
  system.clock.advance(60_000);
  java.isZombie = true;
  assert.deepEqual(look('new'), []);
});

test('a pid that was given again is another process, whatever was known of it', () => {
  const system = createSimulatedSystem();
  const { pid } = system.proc.start({ argv: ['other'] });
  const { look } = createScene(system, ruleFor(system, 'java'));
  look('new');
  system.clock.advance(60_000);
  system.proc.end(pid);
  system.proc.start({ argv: ['java'] }, pid);
  assert.deepEqual(look('new'), [pid]);
});

test('whoever has a rule’s name, but no command line that can be read, is asked again at every look', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java', 'tomcat'], isUnreadable: true });
  const { look } = createScene(system, ruleFor(system, 'java', 'tomcat'));
  assert.deepEqual(look('new'), []);
  system.clock.advance(60_000);
  look('new');
  java.isUnreadable = false;
  assert.deepEqual(look('new'), [java.pid]);
});

test('a pid ahead of those that were given last, which somebody had before, is another process', () => {
  const system = createSimulatedSystem();
  const [first, second] = [1, 2].map(() => system.proc.start({ argv: ['other'] }));
  assert.ok(first && second);
  const { look } = createScene(system, ruleFor(system, 'java'));
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

test('who came since the last look is asked for one by one, further threads are nobody', () => {
  const system = createSimulatedSystem();
  const { look } = createScene(system, ruleFor(system, 'java'));
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
  for (let index = 0; index < 100; index++) system.proc.start({ argv: ['other'] });
  look('new');
  assert.equal(lists, 1);
});

test('a new rule is compared with everything that is known', () => {
  const system = createSimulatedSystem();
  const nginx = system.proc.start({ argv: ['nginx'] });
  const { census, look } = createScene(system, ruleFor(system, 'java'));
  look('new');
  system.clock.advance(60_000);
  census.setRules([{ key: 1, rule: ruleFor(system, 'nginx') }]);
  assert.deepEqual(look('new'), [nginx.pid]);
});

test('a process that changes its user fits from then on, at a full check', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['java'], uid: 0 });
  const { look } = createScene(system, { ...ruleFor(system, 'java'), uid: 1000 }, 1);
  assert.deepEqual(look('turn'), []);
  system.clock.advance(60_000);
  java.uid = 1000;
  assert.deepEqual(look('turn'), [java.pid]);
});

test('a full check that fails in the middle is made up for by the next look, however quick', () => {
  const system = createSimulatedSystem();
  const { proc } = system;
  const { census, look } = createScene(system, ruleFor(system, 'java'));
  look('turn');
  const [other, java] = [proc.start({ argv: ['other'] }), proc.start({ argv: ['java'] })];
  const { readOfProcess } = proc;
  proc.readOfProcess = (pid, name, into) => {
    if (pid === other.pid) throw new Error('EMFILE');
    return readOfProcess(pid, name, into);
  };
  assert.throws(() => census.look('turn', 10), /EMFILE/);
  proc.readOfProcess = readOfProcess;
  system.clock.advance(30_000);
  assert.deepEqual(look('new'), [java.pid]);
});

test('a process that can be seen only a moment after its pid was given is found by the next look', () => {
  const system = createSimulatedSystem();
  const { proc } = system;
  const { look } = createScene(system, ruleFor(system, 'java'));
  look('turn');
  const { newestPid } = proc;
  const pid = newestPid() + 1;
  proc.newestPid = () => pid;
  assert.deepEqual(look('turn'), []);
  proc.start({ argv: ['java'] }, pid);
  proc.newestPid = newestPid;
  assert.deepEqual(look('new'), [pid]);
});

test('a look that fails in the middle has lost nothing', () => {
  const system = createSimulatedSystem();
  const first = system.proc.start({ argv: ['java'] });
  const second = system.proc.start({ argv: ['java'] });
  const { proc } = system;
  const { readOfProcess } = proc;
  const census = createCensus(proc, createProcessReader(proc), () => 6);
  census.setRules([{ key: 1, rule: ruleFor(system, 'java') }]);
  proc.readOfProcess = (pid, name, into) => {
    if (pid === second.pid) throw new Error('EMFILE');
    return readOfProcess(pid, name, into);
  };
  assert.throws(() => census.look('new', 10), /EMFILE/);
  proc.readOfProcess = readOfProcess;
  census.look('new', 10);
  assert.deepEqual(
    census.matchesOf(1, false).map(({ pid }) => pid),
    [first.pid, second.pid],
  );
});
