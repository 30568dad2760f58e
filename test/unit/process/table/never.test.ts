// Which processes match whatever is read of them, and which never do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isScriptInProgress, type OwnSession } from '../../../../src/process/own.ts';
import { createSimulatedSystem, type SimulatedSystem } from '../../../../src/system/simulated/system.ts';
import { ruleFor } from '../rules.ts';
import { createScene } from './scene.ts';

function pidsOf(system: SimulatedSystem, name: string, scripts: readonly OwnSession[] = []): number[] {
  const { table, scan } = createScene(system, [ruleFor(system, name)]);
  return table
    .matchesOf(0, scan('everything'))
    .filter((match) => !isScriptInProgress(match, table.argvOf(match.pid), scripts))
    .map(({ pid }) => pid);
}

test('every rule gets its own matches from one pass', () => {
  const system = createSimulatedSystem();
  const java = system.proc.start({ argv: ['/usr/bin/java', 'tomcat'] });
  const nginx = system.proc.start({ argv: ['/usr/sbin/nginx'] });
  const { scan, pidsOf } = createScene(system, [
    ruleFor(system, 'nginx'),
    ruleFor(system, 'java', 'tomcat'),
    ruleFor(system, 'java', 'jetty'),
  ]);
  const scanned = scan('everything');
  assert.deepEqual(
    [0, 1, 2].map((key) => pidsOf(key, scanned)),
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

test('whether a process lives in a container is read without losing its command line for the next rule', () => {
  const system = createSimulatedSystem();
  system.proc.start({ argv: ['java', 'tomcat'] });
  const rule = ruleFor(system, 'java', 'tomcat');
  const { scan, pidsOf } = createScene(system, [rule, { ...rule }]);
  const scanned = scan('everything');
  assert.deepEqual(
    [0, 1].map((key) => pidsOf(key, scanned).length),
    [1, 1],
  );
});

test('pcheck and padmin are never a match, whoever runs them', () => {
  const system = createSimulatedSystem();
  system.proc.start({ argv: ['node', '--max-semi-space-size=1', '/opt/psaver/dist/pcheck.cjs', '-f', 'p'] });
  system.proc.start({ argv: ['/usr/bin/node', '/opt/psaver/dist/padmin.cjs', '-f', 'p'] });
  const other = system.proc.start({ argv: ['node', '/srv/app.js'] });
  assert.deepEqual(pidsOf(system, 'node'), [other.pid]);
});

test('pcheck’s own process is never a match, whatever it is called', () => {
  const system = createSimulatedSystem();
  const { ownPid } = system.proc;
  system.proc.start({ argv: ['/usr/bin/java', 'tomcat'] }, ownPid);
  const other = system.proc.start({ argv: ['/usr/bin/java', 'tomcat'] });
  assert.deepEqual(pidsOf(system, '/usr/bin/java'), [other.pid]);
});

test('a script in progress and its subshells are no match, what it starts is', () => {
  const system = createSimulatedSystem();
  const path = '/etc/init.d/foo';
  const script = system.proc.start({ argv: ['/bin/sh', path, 'start'], comm: 'foo' });
  system.proc.start({ argv: ['/bin/sh', path, 'start'], comm: 'foo', session: script.pid });
  const service = system.proc.start({ argv: ['/usr/sbin/foo'], session: script.pid });
  assert.deepEqual(pidsOf(system, 'foo', [{ session: script.pid, script: path }]), [service.pid]);
});

test('a script that has become the service by exec is a match', () => {
  const system = createSimulatedSystem();
  const script = system.proc.start({ argv: ['/usr/sbin/foo', '-F'] });
  assert.deepEqual(pidsOf(system, 'foo', [{ session: script.pid, script: '/opt/start.sh' }]), [script.pid]);
});

test('a script that is run by hand is a match: only the session that pcheck began is its own', () => {
  const system = createSimulatedSystem();
  const path = '/etc/init.d/foo';
  const script = system.proc.start({ argv: ['/bin/sh', path, 'start'], comm: 'foo' });
  const byHand = system.proc.start({ argv: ['/bin/sh', path, 'start'], comm: 'foo' });
  assert.deepEqual(pidsOf(system, 'foo', [{ session: script.pid, script: path }]), [byHand.pid]);
});

test('a program that is its own restart script is a match', () => {
  const system = createSimulatedSystem();
  const script = system.proc.start({ argv: ['/usr/sbin/foo'] });
  assert.deepEqual(pidsOf(system, 'foo', [{ session: script.pid, script: '/usr/sbin/foo' }]), [script.pid]);
});
