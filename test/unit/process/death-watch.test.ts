// Who is told of a death, and when: once for every process, everybody who watches it, nobody who does not any more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEventWatch } from '../../../src/process/death-watch.ts';
import { createProcessReader } from '../../../src/process/reader.ts';
import type { ProcessId } from '../../../src/process/types.ts';
import { createSimulatedSystem } from '../../../src/system/simulated/system.ts';

function createScene() {
  const { proc } = createSimulatedSystem();
  const open = new Map<number, () => void>();
  let refusal: string | undefined;
  const refused: string[] = [];
  const told: number[] = [];
  const watch = createEventWatch(
    {
      watch(pid, onExit) {
        if (refusal !== undefined) return { error: refusal };
        open.set(pid, onExit);
        return { close: () => void open.delete(pid) };
      },
    },
    createProcessReader(proc),
    (error) => refused.push(error),
  )((key) => told.push(key));
  return {
    proc,
    watch,
    told,
    refused,
    open: () => [...open.keys()],
    dies({ pid }: ProcessId) {
      proc.end(pid);
      const onExit = open.get(pid);
      open.delete(pid);
      onExit?.();
    },
    refuse(error: string | undefined) {
      refusal = error;
    },
  };
}

test('when a process ends, everyone who watches it is told, once', () => {
  const { proc, watch, told, dies } = createScene();
  const shared = proc.start({ argv: ['java'] });
  watch.watch(1, [shared]);
  watch.watch(2, [shared]);
  watch.watch(3, [proc.start({ argv: ['nginx'] })]);
  dies(shared);
  dies(shared);
  assert.deepEqual(told, [1, 2]);
});

test('when somebody watches other processes now, the former ones are told to him no more', () => {
  const { proc, watch, told, open, dies } = createScene();
  const [first, second, third] = [1, 2, 3].map(() => proc.start({ argv: ['worker'] }));
  assert.ok(first && second && third);
  watch.watch(1, [first, second]);
  watch.watch(1, [second, third]);
  assert.deepEqual(open(), [second.pid, third.pid]);
  dies(first);
  assert.deepEqual(told, []);
  dies(second);
  assert.deepEqual(told, [1]);
  watch.watch(1, []);
  assert.deepEqual(open(), []);
});

test('when the same is asked for again, nothing is opened again', () => {
  const { proc, watch, open } = createScene();
  const process = proc.start({ argv: ['java'] });
  watch.watch(1, [process]);
  const before = open();
  watch.watch(1, [process]);
  assert.deepEqual(open(), before);
});

test('when the pid has become another process’s before it is opened, that is a death', () => {
  const { proc, watch, told, open } = createScene();
  const { pid, startTicks } = proc.start({ argv: ['java'] });
  watch.watch(1, [{ pid, startTicks: startTicks - 1 }]);
  assert.deepEqual(told, [1]);
  assert.deepEqual(open(), []);
});

test('when a process has gone before it is opened, that is a death; told once, however often it is asked for', () => {
  const { proc, watch, told, refuse } = createScene();
  const process = proc.start({ argv: ['java'] });
  refuse('ESRCH');
  watch.watch(1, [process]);
  watch.watch(1, [process]);
  assert.deepEqual(told, [1]);
});

test('when no descriptor is left, that is said, and it is tried again at the next look', () => {
  const { proc, watch, told, refused, refuse, dies } = createScene();
  const process = proc.start({ argv: ['java'] });
  refuse('EMFILE');
  watch.watch(1, [process]);
  assert.deepEqual([told, refused], [[], ['EMFILE']]);
  refuse(undefined);
  watch.watch(1, [process]);
  dies(process);
  assert.deepEqual(told, [1]);
});

test('when the start time cannot be read just now, the process is watched all the same', () => {
  const { proc, watch, told, dies } = createScene();
  const process = proc.start({ argv: ['java'] });
  proc.failure = 'EMFILE';
  watch.watch(1, [process]);
  proc.failure = undefined;
  dies(process);
  assert.deepEqual(told, [1]);
});

test('when a watched pid was given again, those who watched the former process are told', () => {
  const { proc, watch, told } = createScene();
  const former = proc.start({ argv: ['java'] });
  watch.watch(1, [{ ...former }]);
  former.startTicks += 100;
  watch.watch(2, [former]);
  assert.deepEqual(told, [1]);
});

test('after the end nobody is told and nothing is open', () => {
  const { proc, watch, open } = createScene();
  watch.watch(1, [proc.start({ argv: ['java'] })]);
  watch.close();
  assert.deepEqual(open(), []);
});
