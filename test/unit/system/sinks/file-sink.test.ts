// A log that is rotated, or hangs, or cannot be opened: in which file which line is, and what is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFileSink } from '../../../../src/system/real/sinks/file-sink.ts';
import type { OutletNews } from '../../../../src/system/real/sinks/looked-outlet.ts';
import type { Outlet } from '../../../../src/system/real/sinks/outlet.ts';
import type { SinkTrouble } from '../../../../src/system/real/sinks/trouble.ts';
import { createSimulatedClock } from '../../../../src/system/simulated/clock.ts';

/** What was opened, in order: each takes `room` lines and settles them when the test lets it. */
function rotated(room = Infinity) {
  const clock = createSimulatedClock(0);
  const files: ReturnType<typeof simulatedOutlet>[] = [];
  const told: SinkTrouble[] = [];
  const sink = createFileSink({
    clock,
    open(_, news) {
      files.push(simulatedOutlet(room, news));
      return files.at(-1)?.outlet ?? assert.fail();
    },
    dropped: (count) => `lost ${count}`,
    tell: (trouble) => void told.push(trouble),
  });
  return { clock, files, told, sink };
}

function simulatedOutlet(room: number, news: OutletNews) {
  const taken: string[] = [];
  let settled = 0;
  let onFinish: (() => void) | undefined;
  const file = { room, taken, news, isFinishing: () => onFinish !== undefined };
  function settle(): void {
    settled = taken.length;
    const done = onFinish;
    onFinish = undefined;
    done?.();
  }
  const outlet: Outlet = {
    tryWrite(line) {
      if (taken.length >= file.room) return 'later';
      taken.push(String(line));
      return 'written';
    },
    settlesLater: true,
    isBehind: () => settled < taken.length,
    settledBytes: () => settled,
    finish(done) {
      onFinish = done;
    },
  };
  return Object.assign(file, { outlet, settle });
}

test('what was written before it was reopened is whole in the old file before the new one is opened', () => {
  const { clock, files, sink } = rotated(2);
  for (const line of ['1', '2', '3']) sink.write(line);
  sink.reopen();
  sink.write('4');
  clock.advance(100);
  assert.deepEqual([files.length, files[0]?.isFinishing()], [1, false]);
  Object.assign(files[0] ?? {}, { room: 3 });
  sink.flush();
  assert.deepEqual([files.length, files[0]?.isFinishing()], [1, true]);
  files[0]?.settle();
  assert.deepEqual(
    files.map(({ taken }) => taken),
    [['1', '2', '3'], ['4']],
  );
});

test('an old file that hangs is left behind after a second, and what it has not taken goes to the new one', () => {
  const { clock, files, sink } = rotated(1);
  sink.write('1');
  sink.write('2');
  sink.reopen();
  sink.write('3');
  clock.advance(999);
  assert.equal(files.length, 1);
  clock.advance(1);
  Object.assign(files[1] ?? {}, { room: 9 });
  clock.advance(5000);
  assert.deepEqual(
    files.map(({ taken }) => taken),
    [['1'], ['2', '3']],
  );
});

test('however often one that hangs is reopened, only a few are left behind', () => {
  const { clock, files, sink } = rotated();
  for (let turn = 0; turn < 20; turn++) {
    sink.write('x');
    sink.reopen();
    clock.advance(2000);
  }
  assert.equal(files.length, 3);
  for (const { settle } of files) settle();
  sink.reopen();
  for (const { settle } of files) settle();
  clock.advance(2000);
  assert.equal(files.flatMap(({ taken }) => taken).length, 20);
});

test('it is closed when the file has all, also what was written just after it was reopened', () => {
  const { clock, files, sink } = rotated();
  let isClosed = false;
  sink.write('1');
  sink.reopen();
  sink.write('2');
  sink.close(() => {
    isClosed = true;
  });
  files[0]?.settle();
  clock.advance(10);
  assert.deepEqual([files[1]?.taken, isClosed], [['2'], false]);
  files[1]?.settle();
  assert.equal(isClosed, true);
});

test('one that hangs is told of after some seconds, once, and that it is over; its end is not waited for', () => {
  const { clock, files, told, sink } = rotated();
  sink.write('1');
  clock.advance(4000);
  assert.deepEqual(told, []);
  for (let turn = 0; turn < 60; turn++) {
    // What it takes is not written.
    sink.write('x');
    clock.advance(1000);
  }
  assert.deepEqual(told, [{ is: 'stuck', seconds: 5 }]);
  let isClosed = false;
  sink.close(() => {
    isClosed = true;
  });
  assert.equal(isClosed, true);
  files[0]?.settle();
  clock.advance(1000);
  assert.deepEqual(told.at(-1), { is: 'over' });
});

test('one that gets on, however slowly, is not told of', () => {
  const { clock, files, told, sink } = rotated();
  for (let turn = 0; turn < 30; turn++) {
    sink.write('x');
    clock.advance(2000);
    if (turn % 2 === 0) files[0]?.settle();
  }
  assert.deepEqual(told, []);
});

test('why lines cannot go is told once, until they can; at first it is who opens it that hears it', async () => {
  const { clock, files, told, sink } = rotated(0);
  files[0]?.news.failed('ENOSPC');
  files[0]?.news.failed('ENOSPC');
  assert.equal(await sink.opened, 'ENOSPC');
  sink.write('1');
  clock.advance(60_000);
  assert.deepEqual(told, [{ is: 'failing', reason: 'ENOSPC' }]);
  Object.assign(files[0] ?? {}, { room: 9 });
  sink.flush();
  files[0]?.settle();
  clock.advance(1000);
  assert.deepEqual(told.at(-1), { is: 'over' });
});
