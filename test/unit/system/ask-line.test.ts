// padmin's side of the control channel, where pcheck's side is played: it asks again until its time is over.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { askLine } from '../../../src/system/real/ask-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'psaver-ask-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;

/** Each connection is given to `take`, with how many there have been. */
async function listening(
  t: TestContext,
  take: (socket: Socket, number: number) => void,
  backlog = 511,
): Promise<string> {
  count += 1;
  const path = join(folder, String(count));
  let taken = 0;
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    taken += 1;
    take(socket, taken);
  });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen({ path, backlog }, resolve));
  return path;
}

function answer(socket: Socket): void {
  socket.once('data', () => socket.end('answer\n'));
}

const CUTS: Readonly<Record<string, (socket: Socket) => void>> = {
  'at once': (socket) => socket.destroy(),
  'after its question': (socket) => socket.once('data', () => socket.destroy()),
  'with its question unread': (socket) => void setImmediate(() => socket.pause().destroy()),
  'in the middle of its answer': (socket) => socket.once('data', () => socket.end('ans')),
};

for (const [when, cut] of Object.entries(CUTS)) {
  test(`one that is cut off ${when} asks again, and has its answer`, async (t) => {
    const path = await listening(t, (socket, number) => (number < 3 ? cut(socket) : answer(socket)));
    assert.deepEqual(await askLine(path, 'x', 10), { answer: 'answer' });
  });
}

test('more that come in at once than can wait for it have their answers all the same', async (t) => {
  const path = await listening(t, answer, 1);
  const asked = await Promise.all(Array.from({ length: 20 }, () => askLine(path, 'x', 10)));
  assert.deepEqual(
    asked,
    Array.from({ length: 20 }, () => ({ answer: 'answer' })),
  );
});

test('one that is cut off again and again gives up in time', async (t) => {
  let tries = 0;
  const path = await listening(t, (socket, number) => {
    tries = number;
    socket.destroy();
  });
  assert.deepEqual(await askLine(path, 'x', 0.3), { failure: 'no-answer' });
  assert.ok(tries > 1 && tries < 10, `${tries} tries`);
});

test('when pcheck ends meanwhile, none runs', async (t) => {
  const path = await listening(t, (socket) => {
    rmSync(path, { force: true });
    socket.destroy();
  });
  assert.deepEqual(await askLine(path, 'x', 10), { failure: 'not-running' });
});
