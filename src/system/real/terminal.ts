// What a command says to the one who typed it: standard output and standard error, written at once.
import { writeSync } from 'node:fs';
import { errorCode } from '../errors.ts';

export function printOut(text: string): void {
  print(1, text);
}

export function printError(text: string): void {
  print(2, text);
}

const TRIES_MAXIMUM = 1000;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

function print(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  for (let tries = 0; rest.length > 0 && tries < TRIES_MAXIMUM; tries++) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      // EPIPE, EBADF, EIO: nobody reads any more. EAGAIN: a pipe that somebody set to non-blocking is full.
      if (errorCode(error) !== 'EAGAIN') return;
      Atomics.wait(sleeper, 0, 0, 10);
    }
  }
}
