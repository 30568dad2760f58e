// What is told while an entry is looked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeeper } from '../../../src/monitor/keeper.ts';
import { createLoop } from '../../../src/monitor/loop.ts';
import { together } from '../../../src/monitor/pulse.ts';
import type { ToEvent } from '../../../src/monitor/told.ts';
import { createPollingWatch } from '../../../src/process/death-watch.ts';
import { createObserving } from './observe/scene.ts';

/** A loop over one entry, and what that was told. */
function createScene() {
  const { system, log, slots, observing } = createObserving([{ name: 'java' }]);
  const loop = createLoop(system, {
    log,
    slots,
    intervalSeconds: () => 10,
    shares: () => 6,
    observing,
    createDeathWatch: createPollingWatch,
    pulse: together([]),
    newToken: () => 'token',
    keeper: createKeeper(system, '/etc/pfile', log),
    onStep: () => undefined,
    onChange: () => undefined,
    onTurn: () => undefined,
    onFullCheck: () => undefined,
  });
  loop.wake();
  const told: string[] = [];
  const says =
    (word: string): ToEvent =>
    (observation) => {
      told.push(word);
      return { type: 'observed', observation };
    };
  const [slot] = slots;
  assert.ok(slot);
  return { system, loop, slot, told, says };
}

test('the end of a script is lost when two ends of one entry come in one turn', () => {
  const { system, loop, slot, told, says } = createScene();
  loop.tell(slot, says('first end'));
  loop.tell(slot, says('second end'));
  assert.deepEqual(told, []);
  system.clock.advance(1);
  assert.deepEqual(told, ['first end', 'second end']);
});

test('what is told while the entry waits for an answer comes after what was told before', () => {
  const { system, loop, slot, told, says } = createScene();
  system.proc.start({ argv: ['java'] });
  system.deliver = () => undefined;
  loop.tell(slot, says('the end of its script'));
  system.clock.advance(5);
  loop.turn([slot], says('a command'));
  assert.deepEqual(told, []);
  system.clock.advance(1000);
  assert.deepEqual(told, ['the end of its script', 'a command']);
});

test('nothing is told of an entry that is forgotten, nor after the end', () => {
  const { system, loop, slot, told, says } = createScene();
  loop.tell(slot, says('end'));
  loop.forget(slot);
  system.clock.advance(100);
  loop.tell(slot, says('end'));
  loop.halt();
  system.clock.advance(100);
  assert.deepEqual(told, []);
});
