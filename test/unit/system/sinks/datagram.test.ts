// A real datagram socket at the other end, as a syslog daemon has one.
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadKernel } from '../../../../src/system/real/kernel.ts';
import { openDatagram } from '../../../../src/system/real/sinks/datagram.ts';
import { createDatagramSink } from '../../../../src/system/real/sinks/sinks.ts';
import { createSimulatedClock } from '../../../../src/system/simulated/clock.ts';
import { listenAt, receive } from '../../../harness/datagrams.ts';

const folder = mkdtempSync(join(tmpdir(), 'psaver-log-'));
after(() => rmSync(folder, { recursive: true }));
const kernel = await loadKernel();

test('each line is one datagram', () => {
  const path = join(folder, 'log');
  const daemon = listenAt(path);
  const sink = createDatagramSink(createSimulatedClock(0), kernel, path, String);
  sink.write('<28>eins');
  sink.write('<28>二');
  assert.deepEqual([receive(daemon), receive(daemon), receive(daemon)], ['<28>eins', '<28>二', undefined]);
  closeSync(daemon);
});

test('lines written before the daemon is there, or while it restarts, arrive when it is back', () => {
  const path = join(folder, 'later');
  const clock = createSimulatedClock(0);
  const sink = createDatagramSink(clock, kernel, path, String);
  sink.write('early');
  const first = listenAt(path);
  clock.advance(1000);
  assert.equal(receive(first), 'early');
  closeSync(first);
  rmSync(path);
  sink.write('between');
  const second = listenAt(path);
  clock.advance(1000);
  assert.equal(receive(second), 'between');
  closeSync(second);
});

test('a daemon that does not read fills the queue; what is too much is dropped and counted, nothing blocks', () => {
  const path = join(folder, 'stuck');
  const daemon = listenAt(path);
  const clock = createSimulatedClock(0);
  const sink = createDatagramSink(clock, kernel, path, (count) => `lost ${count}`);
  for (let line = 0; line < 5000; line++) sink.write(`line ${line}`);
  const received: string[] = [];
  for (let turn = 0; turn < 500; turn++) {
    for (let line = receive(daemon); line !== undefined; line = receive(daemon)) received.push(line);
    clock.advance(200);
  }
  const lost = Number(/^lost (\d+)$/.exec(received.at(-1) ?? '')?.[1]);
  assert.equal(received.length - 1 + lost, 5000);
  assert.ok(lost > 0);
  closeSync(daemon);
});

test('an address in the abstract namespace is found by all of its bytes and no more', () => {
  const name = `@psaver-${process.pid}`;
  const receiver = listenAt(name);
  const longer = listenAt(`${name}x`);
  assert.equal(openDatagram(kernel, name)('READY=1'), 'written');
  assert.deepEqual([receive(receiver), receive(longer)], ['READY=1', undefined]);
  closeSync(receiver);
  closeSync(longer);
  assert.equal(openDatagram(kernel, name)('READY=1'), 'later', 'a receiver that is not there is no error');
});

test('a path that no socket can have is never cut to another one', () => {
  const path = `/${'x'.repeat(107)}`;
  assert.equal(kernel.connectDatagram(path), -constants.errno.ENAMETOOLONG);
  assert.equal(kernel.connectDatagram(path.slice(1)), -constants.errno.ENOENT);
});
