// What a file holds in the end when those that write it are killed, cannot write or cannot be started: every byte, in its
// order, once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type AppendEnd,
  BLOCK_BYTES,
  PIPE_BYTES,
  type StartAppendChild,
} from '../../../../src/system/real/sinks/append-child.ts';
import { createChildOutlet } from '../../../../src/system/real/sinks/child-outlet.ts';
import { createQueuedSink } from '../../../../src/system/real/sinks/queued-sink.ts';
import { createSimulatedClock } from '../../../../src/system/simulated/clock.ts';

/** A file and whoever appends to it, one after the other, as slowly as the test says. */
function simulatedFile(tellsWritten = true) {
  let file = Buffer.alloc(0);
  let pipe = Buffer.alloc(0);
  let written = 0;
  let onEnd: ((end: AppendEnd) => void) | undefined;
  let isFinished = false;
  const world = { starts: 0, startError: undefined as string | undefined };
  const start: StartAppendChild = (_, ended) => {
    world.starts += 1;
    if (world.startError !== undefined) return { error: world.startError };
    [pipe, written, onEnd, isFinished] = [Buffer.alloc(0), 0, ended, false];
    return {
      send(bytes) {
        const count = onEnd === undefined ? 0 : Math.min(bytes.length, PIPE_BYTES - pipe.length);
        pipe = Buffer.concat([pipe, bytes.subarray(0, count)]);
        return count;
      },
      writtenBytes: () => (tellsWritten ? written : undefined),
      finish() {
        isFinished = true;
      },
    };
  };
  function end(reason: string): void {
    const tell = onEnd;
    onEnd = undefined;
    tell?.({ writtenBytes: tellsWritten ? written : undefined, reason });
  }
  return {
    world,
    start,
    text: () => file.toString(),
    isRunning: () => onEnd !== undefined,
    /** It writes so many bytes, and ends with its pipe. */
    write(bytes: number) {
      if (onEnd === undefined) return;
      const piece = pipe.subarray(0, bytes);
      [file, pipe] = [Buffer.concat([file, piece]), pipe.subarray(piece.length)];
      written += piece.length;
      if (isFinished && pipe.length === 0) end('status 0');
    },
    /** It dies with what it has read and not written, and with what is in the pipe. */
    kill: () => end('signal 9'),
  };
}

function openOutlet(file: ReturnType<typeof simulatedFile>) {
  const clock = createSimulatedClock(0);
  const failures: string[] = [];
  let queue: { flush(): void } | undefined;
  const news = { opened: () => queue?.flush(), failed: (reason: string) => void failures.push(reason) };
  const outlet = createChildOutlet(clock, file.start, { path: '/log' }, news);
  const lines = createQueuedSink(clock, outlet.tryWrite, String);
  queue = lines;
  return { clock, failures, outlet, lines };
}

type Step =
  | { readonly is: 'line'; readonly length: number }
  | { readonly is: 'write'; readonly bytes: number }
  | { readonly is: 'pass'; readonly milliseconds: number }
  | { readonly is: 'kill' };

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ is: fc.constant('line'), length: fc.integer({ min: 1, max: 9000 }) }) },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('write'), bytes: fc.nat(BLOCK_BYTES) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('pass'), milliseconds: fc.nat(3000) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('kill') }) },
);

test('whenever a writer is killed, the next one goes on where it was, and the end is waited for', () => {
  fc.assert(
    fc.property(fc.array(STEP, { minLength: 20, maxLength: 120 }), (steps) => {
      const file = simulatedFile();
      const { clock, outlet, lines } = openOutlet(file);
      let given = '';
      for (const step of steps) {
        if (step.is === 'line') {
          const line = `${given.length} ${'x'.repeat(step.length)}\n`;
          given += line;
          lines.write(line);
        } else if (step.is === 'write') file.write(step.bytes);
        else if (step.is === 'pass') clock.advance(step.milliseconds);
        else file.kill();
      }
      function until(isOver: () => boolean): void {
        for (let turn = 0; turn < 500 && !isOver(); turn++) {
          file.write(Infinity);
          clock.advance(100);
        }
        assert.ok(isOver());
      }
      until(() => lines.length() === 0);
      let isDone = false;
      outlet.finish(() => {
        isDone = true;
      });
      until(() => isDone);
      assert.equal(file.text(), given);
      assert.equal(file.isRunning(), false);
    }),
  );
});

test('a killed writer that had nothing left to write is followed when there is a line again, and nobody is told', () => {
  const file = simulatedFile();
  const { clock, failures, lines } = openOutlet(file);
  lines.write('one\n');
  file.write(Infinity);
  file.kill();
  clock.advance(60_000);
  assert.equal(file.world.starts, 1);
  lines.write('two\n');
  file.write(Infinity);
  assert.equal(file.text(), 'one\ntwo\n');
  assert.deepEqual(failures, []);
});

test('where none can be started it is tried ever more rarely, the reason is told, and lines wait', () => {
  const file = simulatedFile();
  const { clock, failures, lines } = openOutlet(file);
  file.world.startError = 'EMFILE';
  lines.write('one\n');
  clock.advance(60_000);
  assert.ok(file.world.starts > 5 && file.world.starts < 30, `${file.world.starts} starts`);
  assert.equal(failures[0], 'EMFILE');
  file.world.startError = undefined;
  clock.advance(20_000);
  file.write(Infinity);
  assert.equal(file.text(), 'one\n');
});

test('what it has taken is behind until it is written, where the kernel tells', () => {
  const file = simulatedFile();
  const { outlet, lines } = openOutlet(file);
  lines.write('one\n');
  assert.equal(outlet.isBehind(), true);
  file.write(2);
  assert.deepEqual([outlet.isBehind(), outlet.settledBytes()], [true, 2]);
  file.write(2);
  assert.deepEqual([outlet.isBehind(), outlet.settledBytes()], [false, 4]);
});

test('where the kernel does not tell how much was written, nothing is written twice', () => {
  const file = simulatedFile(false);
  const { clock, lines, outlet } = openOutlet(file);
  lines.write('one\n');
  assert.equal(outlet.isBehind(), false);
  file.write(Infinity);
  file.kill();
  lines.write('two\n');
  clock.advance(1000);
  file.write(Infinity);
  assert.equal(file.text(), 'one\ntwo\n');
});
