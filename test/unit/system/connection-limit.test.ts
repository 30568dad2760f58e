// Which connection goes when there are too many, played with sockets that are connected to nothing.
import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { createConnectionLimit } from '../../../src/system/real/connection-limit.ts';

const MAXIMUM = 3;

/** Takes in three connections and more, by the names of the letters. */
function played() {
  const takeIn = createConnectionLimit(MAXIMUM);
  const sockets = new Map<string, Socket>();
  return {
    take(name: string) {
      const socket = new Socket();
      sockets.set(name, socket);
      return takeIn(socket);
    },
    left: () =>
      [...sockets]
        .filter(([, socket]) => !socket.destroyed)
        .map(([name]) => name)
        .join(''),
    close: (name: string) => new Promise((resolve) => sockets.get(name)?.on('close', resolve).destroy()),
  };
}

test('the one that has been silent longest goes, one for each that comes', () => {
  const { take, left } = played();
  for (const name of 'abc') take(name);
  assert.equal(left(), 'abc');
  take('d');
  assert.equal(left(), 'bcd');
  take('e');
  assert.equal(left(), 'cde');
});

test('one that has asked stays, and may go again when it has its answer', () => {
  const { take, left } = played();
  const asked = take('a');
  asked.asks();
  for (const name of 'bcd') take(name);
  assert.equal(left(), 'acd');
  asked.isAnswered();
  // The silent ones have been there for longer.
  take('e');
  take('f');
  assert.equal(left(), 'aef');
  take('g');
  assert.equal(left(), 'efg');
});

test('when all others have asked, the new one goes', () => {
  const { take, left } = played();
  for (const name of 'abc') take(name).asks();
  take('d');
  assert.equal(left(), 'abc');
});

test('one that has gone by itself makes room, and is forgotten also when its answer comes later', async () => {
  const { take, left, close } = played();
  const gone = take('a');
  gone.asks();
  for (const name of 'bc') take(name);
  await close('a');
  gone.isAnswered();
  take('d');
  assert.equal(left(), 'bcd');
});
