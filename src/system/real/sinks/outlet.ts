// What lines go to at present, seen from their queue: a file, a pipe, a device. Those that never wait are here.
import { closeSync, writeSync } from 'node:fs';
import { errorCode } from '../../errors.ts';
import type { Line, LineAttempt } from './queued-sink.ts';

export type Outlet = {
  tryWrite(line: Line): LineAttempt;
  /** What it has taken may be elsewhere for a while, as isBehind tells. */
  readonly settlesLater: boolean;
  /** Whether something that it has taken is not known to be where it belongs; each `settledBytes` is more than the last one as long as that goes on. */
  isBehind(): boolean;
  settledBytes(): number;
  /** Nothing more comes; `done` when all is where it belongs, perhaps at once. */
  finish(done: () => void): void;
};

/** Writes as much as goes without waiting: so many bytes, or an error's code. */
export type WriteNow = (bytes: Buffer) => number | string;

/** Errors that may get better by waiting: a full pipe or disk, a FIFO without a reader. */
const WAITS: readonly string[] = ['EAGAIN', 'ENOSPC', 'ENXIO'];

/** `close`: gives back what it has open. */
export function createDirectOutlet(writeNow: WriteNow, close: () => void = () => undefined): Outlet {
  return {
    tryWrite(line) {
      const bytes = bytesOf(line);
      const written = writeNow(bytes);
      // EPIPE, EBADF, EIO do not get better.
      if (typeof written === 'string') return WAITS.includes(written) ? 'later' : 'written';
      // A pipe or disk that was nearly full has taken a part.
      return written === bytes.length ? 'written' : { rest: bytes.subarray(written) };
    },
    settlesLater: false,
    isBehind: () => false,
    settledBytes: () => 0,
    finish(done) {
      close();
      done();
    },
  };
}

export function bytesOf(line: Line): Buffer {
  return typeof line === 'string' ? Buffer.from(line) : line;
}

/** Writes to a descriptor that is there already. */
export function writerTo(descriptor: number): WriteNow {
  return (bytes) => {
    try {
      return writeSync(descriptor, bytes);
    } catch (error) {
      return errorCode(error);
    }
  };
}

/** Opens it when it is needed, also again when its reader has gone: a FIFO can be opened as long as it has one. */
export function createReopeningOutlet(open: () => number, close: () => void): Outlet {
  let descriptor = -1;

  function release(): void {
    if (descriptor >= 0) closeSync(descriptor);
    descriptor = -1;
  }

  return createDirectOutlet(
    (bytes) => {
      try {
        if (descriptor < 0) descriptor = open();
        return writeSync(descriptor, bytes);
      } catch (error) {
        const code = errorCode(error);
        if (code !== 'EPIPE') return code;
        release();
        return 'EAGAIN';
      }
    },
    () => {
      release();
      close();
    },
  );
}
