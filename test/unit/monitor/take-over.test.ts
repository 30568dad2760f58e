// A script that a killed pcheck left running: who is taken for it, and how it goes on (SPEC 7), in virtual time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecord, recordLine, recordText } from '../../../src/monitor/record.ts';
import type { SimulatedProcess } from '../../../src/system/simulated/processes.ts';
import { RECORD_PATH, type SimulatedScript } from '../../../src/system/simulated/system.ts';
import { createWorld, type World } from './world.ts';

const JAVA = ['/usr/bin/java', 'tomcat'];

function report(world: World) {
  const [first] = world.monitor.reports();
  assert.ok(first !== undefined);
  return first;
}

/** A world whose script runs for ever, five seconds old. */
function runningWorld(): World {
  const world = createWorld([{ name: 'java', restartTimeoutSeconds: 60, startWaitSeconds: 10 }]);
  world.passes(15);
  assert.equal(world.system.started.length, 1);
  return world;
}

function scriptOf({ system }: World): SimulatedScript {
  const [script] = system.started;
  assert.ok(script !== undefined);
  return script;
}

function becomes(process: SimulatedProcess, argv: readonly string[]): void {
  Object.assign(process, { argv, comm: argv[0]?.split('/').at(-1), exe: argv[0] });
}

for (const how of ['its pid', 'its token, where pcheck was killed before it knew the pid'] as const) {
  test(`a script that has become another program by exec is found by ${how}`, () => {
    const before = runningWorld();
    if (how !== 'its pid') forgetPid(before);
    becomes(scriptOf(before).process, ['/opt/app/bin/catalina.sh', 'start']);
    const after = before.crash();
    after.passes(30);
    assert.equal(report(after).status, 'RESTART');
    assert.equal(after.system.started.length, 1, 'a second script runs beside it');
    after.system.proc.start({ argv: JAVA, session: scriptOf(before).process.pid });
    scriptOf(before).end({ kind: 'exited', status: 0 });
    after.passes(1);
    assert.equal(report(after).status, 'AVAIL');
  });
}

/** The record as it was before the script's pid was known. */
function forgetPid({ system }: World): void {
  const record = parseRecord(system.disk.get(RECORD_PATH) ?? '');
  assert.ok(!('problem' in record));
  const { entries, ...head } = record;
  const lines = entries.map((entry) => recordLine({ ...entry, script: undefined }));
  system.disk.set(RECORD_PATH, recordText(lines, recordLine(head)));
}

test('of all that have the token the script is the one that began first', () => {
  const before = runningWorld();
  const { system } = before;
  forgetPid(before);
  const { environment } = scriptOf(before).process;
  system.proc.start({ argv: ['logger'], environment });
  const after = before.crash();
  after.passes(56);
  assert.deepEqual(
    system.signals.map(({ pid, signal }) => `${signal} ${pid}`),
    [`SIGTERM ${-scriptOf(before).process.pid}`],
  );
});

test('a service that the script left behind is not the script, though it has the token', () => {
  const before = runningWorld();
  const { system } = before;
  const { environment } = scriptOf(before).process;
  system.proc.start({ argv: JAVA, environment });
  scriptOf(before).end({ kind: 'exited', status: 0 });
  system.crash();
  const after = before.crash();
  after.passes(1);
  assert.equal(report(after).status, 'AVAIL');
  assert.deepEqual(system.signals, []);
});

test('a script that has become the service by exec is the service', () => {
  const before = runningWorld();
  becomes(scriptOf(before).process, JAVA);
  const after = before.crash();
  after.passes(11);
  assert.equal(report(after).status, 'AVAIL');
  assert.ok(after.log.includes('(java) restart script became the service by exec'));
  after.passes(300);
  assert.deepEqual(after.system.signals, []);
});

test('a pid that was given again is not the script', () => {
  const before = runningWorld();
  const { system } = before;
  const { pid } = scriptOf(before).process;
  system.crash();
  scriptOf(before).end({ kind: 'exited', status: 0 });
  system.proc.start({ argv: ['stranger'] }, pid);
  const after = before.crash();
  after.passes(1);
  assert.equal(report(after).phase, 'appearing');
});

test('a script that was taken up ends as a group: SIGTERM, and SIGKILL to those that outlive its leader', () => {
  const before = runningWorld();
  const { system } = before;
  const { pid } = scriptOf(before).process;
  const helper = system.proc.start({ argv: ['sleep', '99'], ppid: pid, session: pid, processGroup: pid });
  const after = before.crash();
  system.scripts.kill = (target, signal) => {
    system.signals.push({ pid: target, signal });
    if (signal === 'SIGTERM') scriptOf(before).end({ kind: 'signalled', signal });
    if (signal === 'SIGKILL') system.proc.end(helper.pid);
  };
  after.passes(55 + 9);
  assert.equal(report(after).status, 'RESTART');
  assert.equal(report(after).phase, 'running', 'the helper ignores SIGTERM');
  after.passes(2);
  assert.deepEqual(
    system.signals.map(({ signal }) => signal),
    ['SIGTERM', 'SIGKILL'],
  );
  assert.equal(report(after).phase, 'appearing');
});

test('a group that was sent SIGTERM by a killed pcheck is gone on with, though its leader has ended', () => {
  const before = runningWorld();
  const { system } = before;
  const { pid, environment } = scriptOf(before).process;
  const group = { ppid: 1, session: pid, processGroup: pid, environment };
  const helper = system.proc.start({ argv: ['sleep', '99'], ...group });
  system.scripts.kill = (target, signal) => {
    system.signals.push({ pid: target, signal });
    if (signal === 'SIGTERM') scriptOf(before).end({ kind: 'signalled', signal });
    if (signal === 'SIGKILL') system.proc.end(helper.pid);
  };
  before.passes(57);
  const after = before.crash();
  after.passes(3);
  assert.equal(report(after).phase, 'running');
  assert.equal(system.started.length, 1);
  after.passes(7);
  assert.deepEqual(
    system.signals.map(({ signal }) => signal),
    ['SIGTERM', 'SIGKILL'],
  );
});

test('a group whose number is somebody else’s by now is not taken for that of the script', () => {
  const before = runningWorld();
  const { system } = before;
  const { pid } = scriptOf(before).process;
  before.passes(57);
  scriptOf(before).end({ kind: 'exited', status: 1 });
  system.crash();
  system.proc.start({ argv: ['stranger'] }, pid);
  const after = before.crash();
  after.passes(1);
  assert.equal(report(after).phase, 'appearing');
});

test('the end of pcheck waits for a script that is still looked for, and stops it', () => {
  const before = runningWorld();
  const { system } = before;
  forgetPid(before);
  const after = before.crash();
  // The search was begun before: only the next one is slow.
  after.system.crash();
  system.searchMilliseconds = 500;
  const last = before.crash();
  let isDone = false;
  last.monitor.close(() => {
    isDone = true;
  });
  last.passes(2);
  assert.equal(isDone, true);
  assert.deepEqual(
    system.signals.map(({ pid, signal }) => `${signal} ${pid}`),
    [`SIGTERM ${-scriptOf(before).process.pid}`, `SIGKILL ${-scriptOf(before).process.pid}`],
  );
});

test('a signal that is due before the script is found reaches it when it is', () => {
  const before = runningWorld();
  const { system } = before;
  forgetPid(before);
  before.passes(54);
  system.searchMilliseconds = 1000;
  const after = before.crash();
  after.passes(1.5);
  assert.deepEqual(
    system.signals.map(({ signal }) => signal),
    ['SIGTERM'],
  );
});
