// Lists in threads of their own; one that reads from a pipe that nobody writes to hangs.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Area } from '../../../../src/system/real/libc/call-list.ts';
import type { Libc } from '../../../../src/system/real/libc/koffi.ts';
import { plainCalls } from '../../../../src/system/real/libc/plain-calls.ts';
import { createThreads, type ThreadList, type Threads } from '../../../../src/system/real/libc/threads.ts';
import { loadLibc } from '../../../harness/libc.ts';

const { koffi, libc, code, calls, threads } = loadLibc();
const { pipe } = plainCalls(koffi, libc);
const EAGAIN = 11;

/** What it answers is in the area, when it has come to that. */
function listOf(system: number, given: readonly number[]): { list: ThreadList; answer: Area } {
  const list = threads.newList(1024);
  const answer = list.area(8);
  list.add({ system, arguments: given, results: [answer.address] });
  list.seal();
  return { list, answer };
}

/** One byte of a pipe. */
function reading(descriptor: number): ThreadList {
  const list = threads.newList(1024);
  list.add({ system: calls.read, arguments: [descriptor, list.area(8).address, 1] });
  list.seal();
  return list;
}

/** koffi calls back: promises go on later. */
function ended(by: Threads, list: ThreadList): Promise<void> {
  return new Promise((done) =>
    assert.equal(
      by.run(list, () => setImmediate(done)),
      undefined,
    ),
  );
}

function openPipe(t: TestContext) {
  const { reading: from, writing: to } = pipe();
  t.after(() => {
    closeSync(from);
    closeSync(to);
  });
  return { from, write: (bytes: number) => void writeSync(to, Buffer.alloc(bytes)) };
}

const tasks = () => readdirSync('/proc/self/task');

/** Threads end a moment after they were let go. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((next) => setImmediate(next));
}

test('a list that hangs holds up no other, and ends when it can', async (t) => {
  const { from, write } = openPipe(t);
  let isOver = false;
  const hanging = ended(threads, reading(from)).then(() => {
    isOver = true;
  });
  const { list, answer } = listOf(calls.getpid, []);
  await ended(threads, list);
  assert.equal(answer.number(), process.pid);
  assert.deepEqual([isOver, threads.count()], [false, 1]);
  write(1);
  await hanging;
  assert.equal(threads.count(), 0);
});

test('a list is run again and again, with other arguments, in another thread than that of JavaScript', async () => {
  const list = threads.newList(1024);
  const [sum, thread] = [list.area(8), list.area(8)];
  const add = list.add({ function: code.add, arguments: [0, 1], results: [sum.address] });
  list.add({ system: calls.gettid, results: [thread.address] });
  list.seal();
  for (let count = 0; count < 100; count++) {
    add.setArgument(0, count);
    await ended(threads, list);
    assert.equal(sum.number(), count + 1);
    assert.notEqual(thread.number(), process.pid);
  }
});

test('hundreds that hang leave room for one more; afterwards two threads stay', async (t) => {
  const { from, write } = openPipe(t);
  await ended(threads, listOf(calls.getpid, []).list);
  const before = tasks().length;
  const hanging = Array.from({ length: 200 }, () => ended(threads, reading(from)));
  assert.ok(tasks().length >= before + 198);
  await ended(threads, listOf(calls.getpid, []).list);
  assert.equal(threads.count(), 200);
  write(200);
  await Promise.all(hanging);
  await until(() => tasks().length <= before + 1);
});

test('threads come and go, and what they have left is used by the next ones', async (t) => {
  const { from, write } = openPipe(t);
  const descriptors = () => readdirSync('/proc/self/fd').length;
  let before = 0;
  for (let round = 0; round < 20; round++) {
    const hanging = Array.from({ length: 30 }, () => ended(threads, reading(from)));
    write(30);
    await Promise.all(hanging);
    if (round === 0) {
      const some = tasks().length;
      await until(() => tasks().length <= some);
    }
    before ||= descriptors();
  }
  await until(() => descriptors() <= before);
});

test('no signal is for them', async (t) => {
  const { from, write } = openPipe(t);
  const before = new Set(tasks());
  const hanging = [1, 2, 3].map(() => ended(threads, reading(from)));
  const blocked = () =>
    tasks()
      .filter((task) => !before.has(task))
      .map(
        (task) => /^SigBlk:\s*(\w+)$/m.exec(readFileSync(`/proc/self/task/${task}/status`, 'latin1'))?.[1],
      );
  // All but SIGKILL and SIGSTOP.
  await until(() => blocked().every((mask) => mask === 'fffffffffffbfeff'));
  assert.ok(blocked().length > 0);
  write(3);
  await Promise.all(hanging);
});

/** With another function of libc in the place of one. */
function changed(name: string, other: (...given: unknown[]) => unknown): Libc {
  return {
    ...libc,
    func: (prototype: string) => (prototype.includes(` ${name}(`) ? other : libc.func(prototype)),
  } as Libc;
}

test('where no thread can be had the error is told, and nothing is left open', async () => {
  const error = { number: EAGAIN };
  const without = changed('pthread_create', (...given) =>
    error.number === 0
      ? libc.func('int pthread_create(uint8_t *, const uint8_t *, uint64_t, uint64_t)')(...given)
      : error.number,
  );
  const some = createThreads(koffi, without, code, calls);
  const { list, answer } = listOf(calls.getpid, []);
  const before = readdirSync('/proc/self/fd').length;
  const end = () => assert.fail('told');
  assert.deepEqual([some.run(list, end), some.run(list, end)], ['EAGAIN', 'EAGAIN']);
  // Those of an earlier test may be closed meanwhile.
  assert.ok(readdirSync('/proc/self/fd').length <= before);
  assert.equal(some.count(), 0);
  error.number = 0;
  await ended(some, list);
  assert.equal(answer.number(), process.pid);
});

test('where no descriptor can be had the error is told', () => {
  let count = 0;
  const eventfd = libc.func('int eventfd(uint32_t, int)');
  const without = changed('eventfd', (...given) => {
    count += 1;
    // The first one is that of all threads; the next ones are refused for flags that there are none of.
    return count === 1 ? eventfd(...given) : eventfd(0, -1);
  });
  const some = createThreads(koffi, without, code, calls);
  assert.equal(
    some.run(listOf(calls.getpid, []).list, () => undefined),
    'EINVAL',
  );
});

test('who is told keeps no other from being told, and may run the next list at once', async (t) => {
  const { from, write } = openPipe(t);
  const [thrown, later]: [(() => void)[], typeof setImmediate] = [[], setImmediate];
  const told = new Promise<void>((done) => {
    threads.run(reading(from), () => {
      throw new Error('thrown');
    });
    threads.run(reading(from), () => {
      threads.run(listOf(calls.getpid, []).list, () => later(done));
    });
  });
  t.mock.method(globalThis, 'setImmediate', (throwIt: () => void) => void thrown.push(throwIt));
  write(2);
  await told;
  assert.equal(thrown.length, 1);
  assert.throws(() => thrown[0]?.(), /thrown/);
});

test('called without a reason, nothing is told, and nothing is thrown', async () => {
  let call: () => void = () => assert.fail('no callback was given');
  function poll(descriptor: number, options: object, callback: () => void) {
    call = callback;
    return koffi.node.poll(descriptor, options, callback);
  }
  // Only one of its two forms is called.
  const node = { ...koffi.node, poll: poll as typeof koffi.node.poll };
  const some = createThreads({ ...koffi, node }, libc, code, calls);
  call();
  await ended(some, listOf(calls.getpid, []).list);
  call();
});

/** threads.program.ts, as it was built beside this file. */
function startProgram(part: string): { child: ChildProcess; ended: Promise<number | string | null> } {
  const program = import.meta.filename.replace('.test.', '.program.');
  const child = spawn(process.execPath, [program, part], { stdio: ['pipe', 'pipe', 'inherit'] });
  return {
    child,
    ended: new Promise((done) => child.once('close', (status, signal) => done(signal ?? status))),
  };
}

test('threads that wait for lists do not keep a program from its end', async () => {
  assert.equal(await startProgram('idle').ended, 0);
});

test('a list that hangs keeps a program from its natural end, as all that Node waits for, until it is over', async () => {
  const { child, ended: end } = startProgram('waits');
  let isOver = false;
  void end.then(() => {
    isOver = true;
  });
  await new Promise((said) => child.stdout?.once('data', said));
  // Where it would end by itself it does so within this time.
  assert.equal(await startProgram('idle').ended, 0);
  assert.equal(isOver, false);
  child.stdin?.end();
  assert.equal(await end, 0);
});

for (const part of ['exits', 'exits now', 'is killed']) {
  test(`a list that hangs does not keep a program that ${part} from its end`, async () => {
    assert.equal(await startProgram(part).ended, part === 'is killed' ? 'SIGKILL' : 3);
  });
}
