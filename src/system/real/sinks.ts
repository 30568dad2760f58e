// The ways out for log lines, none of which blocks or ends pcheck: syslog datagrams, standard error, a file. The
// queue before each of them is queued-sink.ts.
import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import type { Clock, LineSink } from '../types.ts';
import { openDatagram } from './datagram.ts';
import type { LibcCalls } from './kernel.ts';
import { createQueuedSink, type LineAttempt } from './queued-sink.ts';

/** Datagrams to a syslog daemon's socket, also one that is absent or restarted meanwhile. */
export function createDatagramSink(
  clock: Clock,
  kernel: LibcCalls,
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
