// One pass over a process table: what counts, what never does, and what keeps a held process held.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupMembers } from '../../../src/process/group.ts';
import { resolveName } from '../../../src/process/name.ts';
import { createProcessReader } from '../../../src/process/reader.ts';
import { scan, stillFits } from '../../../src/process/scan.ts';
import { createSimulatedSystem, type SimulatedSystem } from '../../../src/system/simulated/system.ts';
import { ANY } from './rules.ts';

function ruleFor(system: SimulatedSystem, name: string, ...strings: readonly string[]) {
  return {
    ...ANY,
    name: resolveName(name, system.files),
    includeStrings: strings.map((text) => Buffer.from(text)),
  };
}

function pidsOf(
  system: SimulatedSystem,
  name: string,
  scripts: readonly { session: number; path: string }[] = [],
): number[] {
  const found = scan(system.proc, createProcessReader(system.proc), [ruleFor(system, name)], scripts);
  return (found[0] ?? []).map(({ pid }) => pid);
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
  const found = scan(system.proc, createProcessReader(system.proc), rules, []);
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

test('whether a process lives in a container is read without losing its command line for the next rule', () => {
  const system = createSimulatedSystem();
  system.proc.start({ argv: ['java', 'tomcat'] });
  const rules = [ruleFor(system, 'java', 'tomcat'), ruleFor(system, 'java', 'tomcat')];
  const found = scan(system.proc, createProcessReader(system.proc), rules, []);
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
  scan(system.proc, reader, [ruleFor(system, 'java')], []);
  assert.equal(largest, 16 * 1024 * 1024);
  largest = 0;
  system.proc.read = (path, into) => {
    largest = Math.max(largest, into.length);
    return read(path, into);
  };
  scan(system.proc, reader, [ruleFor(system, 'java')], []);
  assert.ok(largest <= 1024 * 1024);
});

test('a held process that is hidden from pcheck stays held', () => {
  const system = createSimulatedSystem();
  const process = system.proc.start({ argv: ['java'] });
  system.proc.read = () => -1;
  system.proc.isHidden = () => true;
  const rule = ruleFor(system, 'java');
  assert.ok(stillFits(system.proc, createProcessReader(system.proc), rule, process, []));
  system.proc.isHidden = () => false;
  assert.equal(stillFits(system.proc, createProcessReader(system.proc), rule, process, []), undefined);
});
