// The pulse of the loop in virtual time: it beats as often as it is wanted, and only while the loop turns.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Pulse, together } from '../../../src/monitor/pulse.ts';
import type { Pent } from '../../../src/pfile/types.ts';
import { createWorld, type World } from './world.ts';

const JAVA = ['/usr/bin/java', 'tomcat'];

/** Notes the moments, in seconds, of its beats, and wants one every so many seconds. */
function pulseEvery(seconds: number): Pulse & { readonly beats: number[] } {
  const beats: number[] = [];
  let nextAt = Infinity;
  return {
    beats,
    beat(now) {
      beats.push(now / 1000);
      nextAt = now + seconds * 1000;
    },
    nextAt: () => nextAt,
  };
}

function worldWith(pulse: Pulse, pents: readonly Partial<Pent>[] = [{ name: 'java' }]): World {
  return createWorld(pents, {
    prepare: (system) => void system.proc.start({ argv: JAVA }, 500),
    overseer: () => ({ pulse, onTurn: undefined }),
  });
}

test('the loop beats at its first turn and then at least as often as the pulse asks', () => {
  const pulse = pulseEvery(3);
  worldWith(pulse).passes(20);
  assert.deepEqual(pulse.beats, [0, 3, 6, 9, 10, 13, 16, 19, 20]);
});

test('a slow pulse costs nothing: the full checks alone keep it beating', () => {
  const pulse = pulseEvery(3600);
  worldWith(pulse).passes(30);
  assert.deepEqual(pulse.beats, [0, 10, 20, 30]);
});

test('a beat is no look: the processes are read at the full checks only', () => {
  const world = worldWith(pulseEvery(0.5));
  let looks = 0;
  const { newPids } = world.system.proc;
  world.system.proc.newPids = () => {
    looks += 1;
    return newPids();
  };
  world.passes(100);
  assert.equal(looks, 10);
});

test('however often padmin asks, only turns that the scheduler wakes beat', () => {
  const pulse = pulseEvery(4);
  const world = worldWith(pulse);
  for (let second = 0; second < 9; second++) {
    world.passes(1);
    world.monitor.start();
  }
  assert.deepEqual(pulse.beats, [0, 4, 8]);
});

test('a loop that has given up beats no more', () => {
  const pulse = pulseEvery(1);
  const world = worldWith(pulse, [{ name: 'java', retry: 0 }]);
  world.passes(5.5);
  world.system.proc.end(500);
  world.passes(10);
  assert.deepEqual(world.ends, [1]);
  const before = pulse.beats.length;
  world.passes(1000);
  assert.equal(pulse.beats.length, before);
});

test('a loop that was closed beats no more', () => {
  const pulse = pulseEvery(1);
  const world = worldWith(pulse);
  world.monitor.close(() => undefined);
  world.passes(100);
  assert.deepEqual(pulse.beats, [0]);
});

test('a loop whose turn breaks off is dead and beats no more', () => {
  const pulse = pulseEvery(1);
  const world = worldWith(pulse);
  world.system.record.append = () => {
    throw new Error('a defect');
  };
  assert.throws(() => world.passes(30), /a defect/);
  const before = pulse.beats.length;
  world.passes(100);
  assert.equal(pulse.beats.length, before);
});

test('a loop that cannot look at the processes is alive and beats on', () => {
  const pulse = pulseEvery(1);
  const world = worldWith(pulse);
  world.system.proc.pids = () => {
    throw new Error('EMFILE');
  };
  world.passes(30);
  const before = pulse.beats.length;
  world.passes(10);
  assert.ok(pulse.beats.length >= before + 10);
});

test('several pulses are one that wants the earliest of their moments', () => {
  const [slow, fast] = [pulseEvery(7), pulseEvery(2)];
  const pulse = together([slow, fast]);
  pulse.beat(1000);
  assert.deepEqual([slow.beats, fast.beats], [[1], [1]]);
  assert.equal(pulse.nextAt(), 3000);
  assert.equal(together([]).nextAt(), Infinity);
});
