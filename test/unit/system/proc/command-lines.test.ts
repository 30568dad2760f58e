// Command lines as threads read them: of real processes, and of a folder that looks like /proc, where a FIFO that
// nobody writes to is a process whose memory map is locked.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createCommandLines } from '../../../../src/system/real/proc/command-lines.ts';
import type { CommandLines } from '../../../../src/system/types.ts';
import { loadLibc } from '../../../harness/libc.ts';

const { libc, threads, code, calls } = loadLibc();
const NO_PID = 2 ** 22 + 1;

/** A folder in the place of /proc. */
function fakeProc(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'psaver-lines-'));
  const descriptors: number[] = [];
  t.after(() => {
    for (const descriptor of descriptors) closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  return {
    folder,
    lines: createCommandLines(libc, threads, code, calls, folder),
    add(pid: number | string, line: string | Buffer) {
      mkdirSync(join(folder, String(pid)), { recursive: true });
      writeFileSync(join(folder, String(pid), 'cmdline'), line);
    },
    /** Reading it hangs, until it is told what to say. */
    addHanging(pids: readonly number[]): ((line: string) => void)[] {
      const paths = pids.map((pid) => join(folder, String(pid), 'cmdline'));
      for (const pid of pids) mkdirSync(join(folder, String(pid)));
      spawnSync('mkfifo', paths);
      return paths.map((path) => {
        const descriptor = openSync(path, constants.O_RDWR);
        descriptors.push(descriptor);
        return (line) => void writeSync(descriptor, line);
      });
    },
  };
}

function headOf(lines: CommandLines, pid: number, task?: number): Promise<string | undefined> {
  return new Promise((resolve) =>
    lines.readHead(pid, task, (bytes) => {
      const text = bytes?.toString('latin1');
      setImmediate(resolve, text);
    }),
  );
}

function search(lines: CommandLines, pid: number, strings: readonly (string | Buffer)[]) {
  return new Promise<readonly boolean[] | undefined>((resolve) =>
    lines.search(
      pid,
      undefined,
      strings.map((string) => Buffer.from(string)),
      (found) => setImmediate(resolve, found),
    ),
  );
}

function descriptors(): string[] {
  return readdirSync('/proc/self/fd');
}

test('the own command line is read, also by way of a thread; of a pid that nobody has there is none', async () => {
  const lines = createCommandLines(libc, threads, code, calls);
  const heads = [headOf(lines, process.pid), headOf(lines, process.pid, process.pid), headOf(lines, NO_PID)];
  lines.flush();
  const [own, byTask, none] = await Promise.all(heads);
  assert.ok(own?.startsWith(`${process.argv0}\0`) || own?.includes('node'), own);
  assert.equal(byTask, own);
  assert.equal(none, undefined);
});

test('of a long line the first 4096 bytes are told; an empty one is no error', async (t) => {
  const { lines, add } = fakeProc(t);
  add(1, 'x'.repeat(5000));
  add(2, '');
  add('3/task/4', 'thread');
  const heads = [headOf(lines, 1), headOf(lines, 2), headOf(lines, 3, 4), headOf(lines, 3)];
  lines.flush();
  assert.deepEqual(await Promise.all(heads), ['x'.repeat(4096), '', 'thread', undefined]);
});

test('nothing begins before it is flushed, but for a whole batch', async (t) => {
  const { lines, add } = fakeProc(t);
  add(1, 'one');
  const before = threads.count();
  const first = headOf(lines, 1);
  assert.equal(threads.count(), before);
  const others = Array.from({ length: 63 }, () => headOf(lines, 1));
  assert.equal(threads.count(), before + 1);
  assert.deepEqual(new Set(await Promise.all([first, ...others])), new Set(['one']));
});

test('a thousand lines are told each to who asked for it', async (t) => {
  const { lines, add } = fakeProc(t);
  const pids = Array.from({ length: 1000 }, (_, index) => index + 1);
  for (const pid of pids) add(pid, `line ${pid}`);
  const heads = pids.map((pid) => headOf(lines, pid));
  lines.flush();
  assert.deepEqual(
    await Promise.all(heads),
    pids.map((pid) => `line ${pid}`),
  );
});

test('who asks again from within an answer is answered too', async (t) => {
  const { lines, add } = fakeProc(t);
  add(1, 'one');
  add(2, 'two');
  const second = new Promise((resolve) =>
    lines.readHead(1, undefined, () => {
      lines.readHead(2, undefined, (bytes) => resolve(bytes?.toString()));
      lines.flush();
    }),
  );
  lines.flush();
  assert.equal(await second, 'two');
});

test('a process that hangs keeps no other waiting, before it and behind it in the batch, and is told late', async (t) => {
  const { lines, add, addHanging } = fakeProc(t);
  for (const pid of [1, 2, 4, 5]) add(pid, `line ${pid}`);
  const [say] = addHanging([3]);
  const before = descriptors();
  const [one, two, hanging, four, five] = [1, 2, 3, 4, 5].map((pid) => headOf(lines, pid));
  lines.flush();
  assert.deepEqual(await Promise.all([one, two, four, five]), ['line 1', 'line 2', 'line 4', 'line 5']);
  const again = [headOf(lines, 3), headOf(lines, 1)];
  lines.flush();
  assert.equal(await again[1], 'line 1');
  say?.('at last');
  assert.equal(await hanging, 'at last');
  say?.('anew');
  assert.equal(await again[0], 'anew');
  assert.equal(threads.count(), 0);
  assert.deepEqual(descriptors().length, before.length);
});

test('hundreds that hang in a row do not keep the next one waiting one after the other', async (t) => {
  const { lines, add, addHanging } = fakeProc(t);
  const pids = Array.from({ length: 300 }, (_, index) => index + 1);
  const says = addHanging(pids);
  add(301, 'line');
  const begun = performance.now();
  const heads = pids.map((pid) => headOf(lines, pid));
  const last = headOf(lines, 301);
  lines.flush();
  assert.equal(await last, 'line');
  const waited = performance.now() - begun;
  // One after the other, two at once, it would be some twelve seconds.
  assert.ok(waited < 6000, `${waited} ms`);
  says.forEach((say, index) => void say(String(index)));
  assert.deepEqual(
    await Promise.all(heads),
    pids.map((_, index) => String(index)),
  );
  assert.equal(threads.count(), 0);
});

test('a search looks at the whole line, arguments joined by blanks, NULs at the end left out', async (t) => {
  const { lines, add } = fakeProc(t);
  const long = 'x'.repeat(3_000_000);
  add(1, `java\0-cp\0${long}\0apache\0tomcat\0\0\0`);
  const found = await search(lines, 1, [
    'java -cp',
    'apache tomcat',
    'tomcat ',
    'x apache',
    'nothing',
    '',
    'e\0t',
  ]);
  assert.deepEqual(found, [true, true, false, true, false, true, false]);
});

test('an empty line holds nothing but an empty string; no string at all is no error; of a process that has gone nothing is told', async (t) => {
  const { lines, add } = fakeProc(t);
  add(1, '');
  add(2, '\0\0');
  add(3, 'one\0two\0');
  assert.deepEqual(await search(lines, 1, ['a', '']), [false, true]);
  assert.deepEqual(await search(lines, 2, ['a', ' ']), [false, false]);
  assert.deepEqual(await search(lines, 3, []), []);
  assert.equal(await search(lines, 4, ['a']), undefined);
});

test('nothing of an earlier, longer line is found in the next one', async (t) => {
  const { lines, add } = fakeProc(t);
  add(1, `a\0${'b\0'.repeat(100_000)}needle\0`);
  add(2, 'a\0b\0');
  const strings = [Buffer.from('needle'), Buffer.from('b')];
  const ask = (pid: number) => new Promise((resolve) => lines.search(pid, undefined, strings, resolve));
  assert.deepEqual(await ask(1), [true, true]);
  assert.deepEqual(await ask(2), [false, true]);
});

test('hundreds of strings are looked for at once, of any byte', async (t) => {
  const { lines, add } = fakeProc(t);
  const words = Array.from({ length: 500 }, (_, index) =>
    Buffer.from([1 + (index % 255), 0xff, 1 + (index >> 2)]),
  );
  add(1, Buffer.concat(words.filter((_, index) => index % 3 === 0)));
  const line = Buffer.concat(words.filter((_, index) => index % 3 === 0));
  assert.deepEqual(
    await search(lines, 1, words),
    words.map((word) => line.includes(word)),
  );
});

test('what lies behind 16 MiB is not looked at', async (t) => {
  const { lines, add } = fakeProc(t);
  add(1, Buffer.concat([Buffer.alloc(16 * 1024 * 1024 - 1, 'x'), Buffer.from('yz')]));
  assert.deepEqual(await search(lines, 1, ['xy', 'yz']), [true, false]);
});

test('searches that hang keep no other waiting for long, and are told late', async (t) => {
  const { lines, add, addHanging } = fakeProc(t);
  const pids = Array.from({ length: 20 }, (_, index) => index + 1);
  const says = addHanging(pids);
  add(100, 'one\0two');
  const hanging = pids.map((pid) => search(lines, pid, ['late']));
  assert.deepEqual(await search(lines, 100, ['one two']), [true]);
  // Its beginning hangs as well.
  const head = headOf(lines, 1);
  for (const say of says) say('late');
  assert.deepEqual(
    await Promise.all(hanging),
    pids.map(() => [true]),
  );
  says[0]?.('head');
  assert.equal(await head, 'head');
  assert.equal(threads.count(), 0);
});

test('where no thread can be had it is tried again, and all are answered', async (t) => {
  const { folder, add } = fakeProc(t);
  add(1, 'one');
  let refused = 0;
  const refusing: typeof threads = {
    ...threads,
    run: (list, onEnd) => (refused++ < 2 ? 'EAGAIN' : threads.run(list, onEnd)),
  };
  const lines = createCommandLines(libc, refusing, code, calls, folder);
  const head = headOf(lines, 1);
  lines.flush();
  const found = search(lines, 1, ['one']);
  assert.equal(await head, 'one');
  assert.deepEqual(await found, [true]);
});
