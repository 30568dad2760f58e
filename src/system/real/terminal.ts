// What a command says to the one who typed it: standard output and standard error, written at once. Output that is lost
// ends the program, since a script would take it for an answer; complaints that nobody reads change nothing.
import { writeSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import { endByBrokenPipe } from './signals.ts';

/** Not all of it could be written. */
export class LostOutputError extends Error {
  constructor(code: string) {
    super(`cannot write to standard output: ${code}`);
    this.name = 'LostOutputError';
  }
}

/** Does not return when its reader has gone away. */
export function printOut(text: string): void {
  const problem = print(1, text);
  if (problem === 'EPIPE') endByBrokenPipe();
  if (problem !== undefined) throw new LostOutputError(problem);
}

export function printError(text: string): void {
  // Nobody reads it: the exit status says it too.
  print(2, text);
}

const TRIES_MAXIMUM = 1000;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Undefined when all was written, else why not. */
function print(descriptor: number, text: string): string | undefined {
  let rest = Buffer.from(text);
  for (let tries = 0; rest.length > 0 && tries < TRIES_MAXIMUM; tries++) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      // A pipe that somebody set to non-blocking is full.
      if (errorCode(error) !== 'EAGAIN') return errorCode(error);
      Atomics.wait(sleeper, 0, 0, 10);
    }
  }
  return rest.length === 0 ? undefined : 'EAGAIN';
}
