// The transport between padmin and pcheck, over a real socket.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { askLine } from '../../../src/system/real/ask-line.ts';
import { loadKernel } from '../../../src/system/real/kernel.ts';
import { serveLines } from '../../../src/system/real/line-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'psaver-socket-'));
after(() => rmSync(folder, { recursive: true }));
const kernel = await loadKernel();

test('a question gets its answer, also a long one', async () => {
  const path = join(folder, 'a');
  const server = await serveLines(
    path,
    () => true,
    (line) => line.repeat(1000),
  );
  assert.deepEqual(await askLine(path, 'x'.repeat(1000), 5), { answer: 'x'.repeat(1_000_000) });
  server.close();
});

test('the socket is its owner’s alone, takes the place of a stale file, and goes with the server', async () => {
  const path = join(folder, 'b');
  writeFileSync(path, 'stale');
  const server = await serveLines(path, () => true, String);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  server.close();
  assert.equal(existsSync(path), false);
});

test('where nobody listens the answer is that nothing runs', async () => {
  assert.deepEqual(await askLine(join(folder, 'nobody'), 'x', 5), { failure: 'not-running' });
});

test('one that accepts and never answers is given up in time', async () => {
  const path = join(folder, 'silent');
  const silent = createServer().listen(path);
  assert.deepEqual(await askLine(path, 'x', 0.05), { failure: 'no-answer' });
  silent.close();
});

test('a peer that may not ask gets nothing', async () => {
  const path = join(folder, 'c');
  const server = await serveLines(path, () => false, String);
  assert.deepEqual(await askLine(path, 'x', 0.2), { failure: 'no-answer' });
  server.close();
});

test('the kernel names the uid at the other end', async () => {
  const path = join(folder, 'd');
  let uid: number | undefined;
  const server = await serveLines(
    path,
    (descriptor) => {
      uid = kernel.peerUid(descriptor);
      return true;
    },
    String,
  );
  await askLine(path, 'x', 5);
  assert.equal(uid, process.getuid?.());
  server.close();
});

/** A server that does not hang up would be waited for without end. */
const IN_TIME = { timeout: 20_000 };

let serving = 0;

/** A server of the test's own, and clients that are gone with it, also when the test fails. */
async function served(t: TestContext, answer: (line: string) => string | Promise<string>) {
  serving += 1;
  const path = join(folder, `served-${serving}`);
  const server = await serveLines(path, () => true, answer);
  t.after(server.close);
  /** `closed` comes when the server has hung up. */
  function connected() {
    const socket = createConnection(path);
    t.after(() => socket.destroy());
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    // EPIPE or ECONNRESET, as soon as the server has had enough.
    socket.on('error', () => undefined);
    return { socket, closed };
  }
  return { path, connected };
}

/** No timer runs by itself any more: each waits here, to be called by the test. */
function heldTimers(t: TestContext) {
  const timers: { readonly delay: number; readonly callback: () => void }[] = [];
  t.mock.method(globalThis, 'setTimeout', (callback: () => void, delay: number) => {
    timers.push({ delay, callback });
  });
  return timers;
}

test('a silent client has ten seconds; others get their answers meanwhile', IN_TIME, async (t) => {
  const { path, connected } = await served(t, String);
  const timers = heldTimers(t);
  const { socket, closed } = connected();
  socket.resume();
  // When a later one has its answer, the server knows of the first.
  assert.deepEqual(await askLine(path, 'x', 5), { answer: 'x' });
  assert.equal(socket.readableEnded, false);
  const [deadline] = timers.filter(({ delay }) => delay === 10_000);
  assert.ok(deadline !== undefined);
  deadline.callback();
  await closed;
});

test('a client that never reads its answer is cut off at its deadline', IN_TIME, async (t) => {
  const { connected } = await served(t, () => 'x'.repeat(10_000_000));
  const timers = heldTimers(t);
  const { socket, closed } = connected();
  socket.write('x\n');
  // Its answer has begun; the rest of it does not fit into the socket.
  await new Promise((resolve) => socket.once('readable', resolve));
  assert.equal(timers[0]?.delay, 10_000);
  timers[0].callback();
  // Now it is read, up to where the server has hung up.
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  await closed;
  assert.ok(bytes > 0 && bytes < 10_000_000, `${bytes} bytes`);
});

test('a question may have 64 KiB, a client that sends more is cut off', IN_TIME, async (t) => {
  const answered: number[] = [];
  const { path, connected } = await served(t, (line) => {
    answered.push(line.length);
    return 'ok';
  });
  const longest = 'x'.repeat(64 * 1024);
  assert.deepEqual(await askLine(path, longest, 5), { answer: 'ok' });
  // It is not the deadline that ends these.
  heldTimers(t);
  for (const text of [`${longest}x`, `${longest}x\n`]) {
    const { socket, closed } = connected();
    socket.resume();
    socket.write(text);
    await closed;
  }
  assert.deepEqual(answered, [64 * 1024]);
});

test('a flood without a line end is cut off', async () => {
  const path = join(folder, 'e');
  const server = await serveLines(path, () => true, String);
  const socket = createConnection(path);
  // EPIPE or ECONNRESET, as soon as the server has had enough.
  socket.on('error', () => undefined);
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write('x'.repeat(200_000));
  await closed;
  server.close();
});

test(
  'while one answer takes its time, others are answered; it may take longer than a client may',
  IN_TIME,
  async (t) => {
    let finish: (text: string) => void = () => undefined;
    const slow = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const { path, connected } = await served(t, (line) => (line === 'slow' ? slow : line));
    const timers = heldTimers(t);
    const cleared: unknown[] = [];
    t.mock.method(globalThis, 'clearTimeout', (timer: unknown) => void cleared.push(timer));
    const { socket, closed } = connected();
    socket.write('slow\n');
    assert.deepEqual(await askLine(path, 'x', 5), { answer: 'x' });
    const deadlines = () => timers.filter(({ delay }) => delay === 10_000).length;
    assert.equal(deadlines(), 2);
    assert.ok(cleared.length >= 1, 'the time of its client stands still');
    finish('late');
    let answer = '';
    socket.on('data', (data: Buffer) => {
      answer += data.toString();
    });
    await closed;
    assert.equal(answer, 'late\n');
    assert.equal(deadlines(), 3, 'and begins anew with the answer');
  },
);

test('an answer for a client that has gone meanwhile is dropped', IN_TIME, async (t) => {
  let finish: (text: string) => void = () => undefined;
  const slow = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const asked: string[] = [];
  const { path, connected } = await served(t, (line) => {
    asked.push(line);
    return line === 'slow' ? slow : line;
  });
  const { socket, closed } = connected();
  socket.write('slow\n');
  assert.deepEqual(await askLine(path, 'x', 5), { answer: 'x' });
  socket.destroy();
  await closed;
  assert.deepEqual(await askLine(path, 'y', 5), { answer: 'y' });
  finish('late');
  await slow;
  assert.deepEqual(await askLine(path, 'z', 5), { answer: 'z' });
  assert.deepEqual(asked, ['slow', 'x', 'y', 'z']);
});

for (const idle of [64, 200]) {
  test(
    `with ${idle} silent clients another one has its answer at once, and those that came first go`,
    IN_TIME,
    async (t) => {
      const { path, connected } = await served(t, String);
      const clients = Array.from({ length: idle }, connected);
      // It is not their deadline that ends these.
      heldTimers(t);
      assert.deepEqual(await askLine(path, 'x', 5), { answer: 'x' });
      const gone = clients.slice(0, idle - 63);
      await Promise.all(
        gone.map(({ socket, closed }) => {
          socket.resume();
          return closed;
        }),
      );
      const left = clients.slice(idle - 63).filter(({ socket }) => !socket.destroyed);
      assert.equal(left.length, 63);
    },
  );
}

test('with 64 clients that do not read their answers another one has its own at once', IN_TIME, async (t) => {
  const { path, connected } = await served(t, (line) => (line === 'x' ? 'short' : 'x'.repeat(10_000_000)));
  const clients = Array.from({ length: 64 }, connected);
  for (const { socket } of clients) socket.write('long\n');
  // Their answers have begun.
  await Promise.all(clients.map(({ socket }) => new Promise((resolve) => socket.once('readable', resolve))));
  assert.deepEqual(await askLine(path, 'x', 5), { answer: 'short' });
});

test('who has its answer is hung up on, whether it has read it or not', IN_TIME, async (t) => {
  const { connected } = await served(t, String);
  const { socket, closed } = connected();
  socket.write('x\n');
  let answer = '';
  socket.on('data', (data: Buffer) => {
    answer += data.toString();
  });
  await closed;
  assert.equal(answer, 'x\n');
});
