// Descriptors above those that a child gives its own to: until it has used them it must not overwrite them.
import { closeSync, openSync } from 'node:fs';
import type { Libc } from './koffi.ts';
import { O_CLOEXEC } from './system-calls.ts';

export type HighDescriptors = {
  readonly devNull: number;
  /** The end for reading of a pipe that only pcheck has the other end of, which is closed with pcheck, however that ends. */
  readonly life: number;
  /** Negative where none is left. */
  copy(descriptor: number): number;
};

const F_DUPFD_CLOEXEC = 1030;
const DESCRIPTORS_FROM = 16;

export function openHighDescriptors(libc: Libc): HighDescriptors {
  const fcntl = libc.func('int fcntl(int, int, ...)');
  const pipe2 = libc.func('int pipe2(uint8_t *, int)');

  function copy(descriptor: number): number {
    return fcntl(descriptor, F_DUPFD_CLOEXEC, 'int', DESCRIPTORS_FROM);
  }

  function moved(descriptor: number): number {
    const higher = copy(descriptor);
    closeSync(descriptor);
    return higher;
  }

  const ends = Buffer.alloc(8);
  if (pipe2(ends, O_CLOEXEC) !== 0) throw new Error('no pipe can be made');
  const life = moved(ends.readInt32LE(0));
  moved(ends.readInt32LE(4));
  return { devNull: moved(openSync('/dev/null', 'r+')), life, copy };
}
