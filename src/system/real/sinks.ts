// Ways out for log lines that never block and never end pcheck: a reader that is stuck fills a bounded queue,
// then lines are dropped and counted (SPEC 5).
import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import type { Attempt, Clock, LineSink, Timer } from '../types.ts';
import { openDatagram } from './datagram.ts';
import type { Kernel } from './kernel.ts';

const QUEUE_LINES = 1000;
const RETRY_MILLISECONDS = 200;
const RETRY_MILLISECONDS_MAXIMUM = 3200;

/** How one attempt to pass on a line ended; `later` keeps it queued, `rest` is what did not go out of it. */
type LineAttempt = Attempt | { readonly rest: string };

/** A queue before something that takes a line at a time or says `later`. `dropped` makes the line that tells how many were lost. */
function createQueuedSink(
  clock: Clock,
  tryWrite: (line: string) => LineAttempt,
  dropped: (count: number) => string,
): LineSink {
  const queue: string[] = [];
  let lost = 0;
  let retryMilliseconds = RETRY_MILLISECONDS / 2;
  let retry: Timer | undefined;

  function drain(): void {
    const before = queue.length;
    let attempt: LineAttempt = 'written';
    while (queue.length > 0 && attempt === 'written') {
      attempt = tryWrite(queue[0] ?? '');
      if (attempt === 'written') queue.shift();
      else if (attempt !== 'later') queue[0] = attempt.rest;
    }
    if (queue.length === 0 && lost > 0 && tryWrite(dropped(lost)) === 'written') lost = 0;
    retryMilliseconds =
      queue.length < before
        ? RETRY_MILLISECONDS
        : Math.min(retryMilliseconds * 2, RETRY_MILLISECONDS_MAXIMUM);
    if (queue.length > 0 || lost > 0) {
      retry ??= clock.after(retryMilliseconds, () => {
        retry = undefined;
        drain();
      });
    }
  }

  return {
    write(line) {
      if (queue.length >= QUEUE_LINES) {
        lost++;
        return;
      }
      queue.push(line);
      if (retry === undefined) drain();
    },
    flush: drain,
  };
}

/** Datagrams to a syslog daemon's socket, also one that is absent or restarted meanwhile. */
export function createDatagramSink(
  clock: Clock,
  kernel: Kernel,
  path: string,
  dropped: (count: number) => string,
): LineSink {
  return createQueuedSink(clock, openDatagram(kernel, path), dropped);
}

/** Lines to standard error of any kind; a closed one drops them. */
export function createStderrSink(clock: Clock, dropped: (count: number) => string): LineSink {
  return createQueuedSink(clock, writerTo(openWithoutBlocking()), dropped);
}

/** JSON lines to a file of their own. */
export function createFileSink(clock: Clock, path: string, dropped: (count: number) => string): LineSink {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
  return createQueuedSink(
    clock,
    writerTo(openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o640)),
    dropped,
  );
}

function writerTo(descriptor: number): (line: string) => LineAttempt {
  return (line) => {
    try {
      const bytes = Buffer.from(line);
      const written = writeSync(descriptor, bytes);
      // A pipe or disk that was nearly full has taken a part.
      return written === bytes.length ? 'written' : { rest: bytes.toString('utf8', written) };
    } catch (error) {
      const code = errorCode(error);
      // EPIPE, EBADF, EIO do not get better by waiting; a full pipe or disk may.
      return code === 'EAGAIN' || code === 'ENOSPC' ? 'later' : 'written';
    }
  };
}

const STDERR = 2;

/** A non-blocking description of our own for a pipe or terminal: O_NONBLOCK on the shared one would reach its other users. */
function openWithoutBlocking(): number {
  try {
    const stat = fstatSync(STDERR);
    if (!stat.isFIFO() && !stat.isCharacterDevice()) return STDERR;
    return openSync(
      `/proc/self/fd/${STDERR}`,
      constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
    );
  } catch {
    // EBADF: no stderr at all; ENXIO: its reader has gone; EACCES: another user's terminal.
    return STDERR;
  }
}

/** Whether standard error leads to the journal: JOURNAL_STREAM names its device and inode (systemd.exec(5)). */
export function stderrIsJournal(journalStream: string | undefined): boolean {
  if (journalStream === undefined) return false;
  try {
    const stat = fstatSync(STDERR);
    return journalStream === `${stat.dev}:${stat.ino}`;
  } catch {
    // EBADF: no stderr.
    return false;
  }
}
