// One Unix datagram at a time to whoever listens at a path, without ever blocking. What to do about one that
// did not pass is the caller's matter.
import { closeSync, writeSync } from 'node:fs';
import { errorCode } from '../../errors.ts';
import type { Attempt } from '../../types.ts';
import type { LibcCalls } from '../kernel.ts';
import { bytesOf } from './outlet.ts';
import type { Line } from './queued-sink.ts';

/** Connects at the first datagram, and again when the receiver was absent or restarted. */
export function openDatagram(kernel: LibcCalls, path: string): (line: Line) => Attempt {
  let descriptor = -1;
  return (line) => {
    if (descriptor < 0) descriptor = kernel.connectDatagram(path);
    if (descriptor < 0) return 'later';
    try {
      writeSync(descriptor, bytesOf(line));
      return 'written';
    } catch (error) {
      const code = errorCode(error);
      // EMSGSIZE: this one can never pass; the next ones can.
      if (code === 'EMSGSIZE') return 'written';
      if (code !== 'EAGAIN' && code !== 'ENOBUFS') {
        // ECONNREFUSED, ENOTCONN: the receiver closed its end.
        closeSync(descriptor);
        descriptor = -1;
      }
      return 'later';
    }
  };
}
