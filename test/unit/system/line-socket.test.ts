// The transport between padmin and pcheck, over a real socket.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadKernel } from '../../../src/system/real/kernel.ts';
import { askLine, serveLines } from '../../../src/system/real/line-socket.ts';

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
  assert.deepEqual(await askLine(path, 'x', 5), { failure: 'no-answer' });
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
