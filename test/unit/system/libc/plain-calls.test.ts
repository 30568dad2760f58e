// Pipes and sockets that never make their writer wait.
import assert from 'node:assert/strict';
import { closeSync, readSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { loadKernel } from '../../../../src/system/real/kernel.ts';
import { isBlocking, openSocketPair } from '../../../harness/socket-pair.ts';

const kernel = await loadKernel();

test('a pipe holds no more than was asked for, and who writes to a full one does not wait', () => {
  const { reading, writing } = kernel.pipe(65_536);
  let bytes = 0;
  assert.throws(() => {
    for (;;) bytes += writeSync(writing, Buffer.alloc(1000));
  }, /EAGAIN/);
  assert.ok(bytes > 60_000 && bytes <= 65_536, `${bytes} bytes`);
  assert.equal(readSync(reading, Buffer.alloc(100_000)), bytes);
  closeSync(reading);
  closeSync(writing);
});

test('a full socket is not waited for, though everybody else who has it waits', () => {
  const { one, other } = openSocketPair();
  let [sent, last] = [0, 0];
  for (;;) {
    last = kernel.sendNow(one, Buffer.alloc(1000));
    if (last < 0) break;
    sent += last;
  }
  assert.equal(last, -11, 'EAGAIN');
  assert.ok(sent > 1000);
  assert.equal(isBlocking(one), true);
  closeSync(one);
  closeSync(other);
});

test('a socket whose other end has gone is an error and no signal', () => {
  const { one, other } = openSocketPair();
  closeSync(other);
  assert.equal(kernel.sendNow(one, Buffer.from('x')), -32, 'EPIPE');
  closeSync(one);
});
