// Ways out for log lines: a syslog daemon that is absent, restarted or stuck never blocks, and what is lost
// is counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LibcCalls } from '../../../../src/system/real/kernel.ts';
import { createDatagramSink, stderrIsJournal } from '../../../../src/system/real/sinks/sinks.ts';
import { createSimulatedClock } from '../../../../src/system/simulated/clock.ts';

const NOBODY_LISTENS = -111;

/** A kernel whose daemon never answers: connecting fails, which is all that the sink asks of it. */
function deafKernel(): { kernel: LibcCalls; attempts: () => number } {
  let attempts = 0;
  return {
    attempts: () => attempts,
    kernel: {
      connectDatagram() {
        attempts += 1;
        return NOBODY_LISTENS;
      },
      keepDescriptorsFromChildren: () => undefined,
      tryLock: () => true,
      peerUid: () => undefined,
      alarm: () => undefined,
      readAtOnce: () => -1,
    },
  };
}

test('with nobody listening, lines wait, and the connection is tried at intervals, not for every line', () => {
  const clock = createSimulatedClock(0);
  const { kernel, attempts } = deafKernel();
  const sink = createDatagramSink(clock, kernel, '/nowhere', String);
  for (let line = 0; line < 500; line++) sink.write('x');
  assert.equal(attempts(), 1);
  clock.advance(60_000);
  assert.ok(attempts() < 30, `${attempts()} attempts in a minute`);
});

test('a journal is known by the device and inode that the service manager names', () => {
  assert.equal(stderrIsJournal(undefined), false);
  assert.equal(stderrIsJournal('1:1'), false);
});
