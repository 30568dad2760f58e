// proc_pid_stat(5) read from bytes: names that look like fields, zombies, dead leaders.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseStat, type Stat } from '../../../src/process/stat.ts';
import { createStatFields, isRunning, readStat } from '../../../src/process/stat-fields.ts';

function line(comm: string, state: string, fields: Readonly<Record<number, number>> = {}): string {
  const rest = Array.from({ length: 49 }, (_, index) => fields[index + 4] ?? 0);
  return `4711 (${comm}) ${state} ${rest.join(' ')}\n`;
}

function parse(text: string): Stat | undefined {
  const bytes = Buffer.alloc(4096);
  return parseStat(bytes, bytes.write(text));
}

test('every field comes from its place', () => {
  const text = line('java', 'S', {
    4: 1,
    5: 20,
    6: 30,
    8: -1,
    9: 0x400040,
    20: 51,
    22: 123456789012,
    28: 140735,
  });
  assert.deepEqual(parse(text), {
    comm: 'java',
    state: 'S',
    ppid: 1,
    processGroup: 20,
    session: 30,
    isKernelThread: false,
    threads: 51,
    startTicks: 123456789012,
    startStack: 140735,
  });
});

test('a comm may hold parentheses, blanks and newlines', () => {
  for (const comm of ['a) S 1 2 3', '((', ')', ' ', 'a\nb', 'tmux: server']) {
    const stat = parse(line(comm, 'R', { 4: 7 }));
    assert.equal(stat?.comm, comm);
    assert.equal(stat?.ppid, 7);
  }
});

test('whatever comm and numbers are, they come back', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 15 }), fc.nat(), fc.nat(), (comm, ppid, startTicks) => {
      const stat = parse(line(comm.replaceAll('\0', ''), 'S', { 4: ppid, 22: startTicks }));
      assert.equal(stat?.ppid, ppid);
      assert.equal(stat?.startTicks, startTicks);
    }),
  );
});

test('bytes that are no whole record are none', () => {
  for (const text of ['', '4711', '4711 (java', '4711 (java) S 1 2 3']) assert.equal(parse(text), undefined);
});

test('rubbish behind the record of an earlier, longer read is not looked at', () => {
  const bytes = Buffer.alloc(4096, ') S 9 9 9 ');
  const length = bytes.write(line('java', 'S', { 4: 1 }));
  assert.equal(parseStat(bytes, length)?.ppid, 1);
});

test('a kernel thread is known by its flag', () => {
  assert.equal(parse(line('kthreadd', 'S', { 9: 0x00200000 }))?.isKernelThread, true);
});

for (const [state, threads, runs] of [
  ['R', 1, true],
  ['S', 1, true],
  ['D', 1, true],
  ['T', 1, true],
  ['Z', 1, false],
  ['Z', 2, true],
  ['X', 1, false],
  ['x', 1, false],
] as const) {
  test(`state ${state} with ${threads} thread(s) ${runs ? 'runs' : 'is gone'}`, () => {
    const bytes = Buffer.from(line('java', state, { 20: threads }));
    const fields = createStatFields();
    assert.ok(readStat(bytes, bytes.length, fields));
    assert.equal(isRunning(fields), runs);
  });
}

test('the kernel’s own record of this process is understood', () => {
  const stat = parse(readFileSync('/proc/self/stat', 'utf8'));
  assert.equal(stat?.ppid, process.ppid);
  assert.equal(stat?.isKernelThread, false);
});

test('what only an exec changes is seen in the image, what time changes is not', () => {
  const image = (comm: string, fields: Readonly<Record<number, number>>) => {
    const bytes = Buffer.from(line(comm, 'S', fields));
    const read = createStatFields();
    assert.ok(readStat(bytes, bytes.length, read));
    return read.image;
  };
  const before = image('sh', { 26: 1, 27: 2, 28: 3, 45: 4, 48: 5, 51: 6 });
  for (const other of [26, 27, 28, 45, 48, 51]) {
    assert.notEqual(
      image('sh', { 26: 1, 27: 2, 28: 3, 45: 4, 48: 5, 51: 6, [other]: 9 }),
      before,
      `${other}`,
    );
  }
  assert.notEqual(image('java', { 26: 1, 27: 2, 28: 3, 45: 4, 48: 5, 51: 6 }), before);
  for (const same of [4, 5, 6, 14, 20, 22, 23, 29, 39, 44, 52]) {
    assert.equal(image('sh', { 26: 1, 27: 2, 28: 3, 45: 4, 48: 5, 51: 6, [same]: 9 }), before, `${same}`);
  }
});
