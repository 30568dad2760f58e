// All processes and the rules that they fit: what counts, what never does, and what is read again at which look.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCensus } from '../../../src/process/census.ts';
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
): Match[][] {
  const census = createCensus(proc, reader, () => 1);
  census.setRules(new Map(rules.entries()));
  census.look('all');
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
