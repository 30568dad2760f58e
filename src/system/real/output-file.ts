// An output file that is open, on a disk of this machine: what it is called and how long it is, without asking its disk;
// its bytes only as far as they are in memory.
import { closeSync, openSync } from 'node:fs';
import type { Kernel } from './kernel.ts';

/** Node's own calls would cost thousands of bytes at every full check. */
export type OutputFileCalls = Pick<Kernel, 'readAtOnce' | 'readDescriptorLink' | 'lengthOf'>;

const LINK_BYTES = 4096;
const link = Buffer.alloc(LINK_BYTES);

/** As a view that the next call overwrites; ` (deleted)` stands behind the path of a file that lies nowhere. */
export function pathOf(descriptor: number, { readDescriptorLink }: OutputFileCalls): Buffer {
  return link.subarray(0, Math.max(readDescriptorLink(descriptor, link), 0));
}

export function sizeOf(descriptor: number, { lengthOf }: OutputFileCalls): number {
  // EIO: there is nothing to read in it, nor to cut.
  return Math.max(lengthOf(descriptor), 0);
}

/** Empty when not all of it is to be had at once. */
export function readText(
  descriptor: number,
  start: number,
  bytes: number,
  { readAtOnce }: OutputFileCalls,
): string {
  const buffer = Buffer.alloc(bytes);
  let reader: number;
  try {
    // The descriptor of the scripts is for writing only: what they leave behind shall not read it.
    reader = openSync(`/proc/self/fd/${descriptor}`, 'r');
  } catch {
    // EMFILE, EACCES: the output is in its file all the same.
    return '';
  }
  try {
    return readAtOnce(reader, buffer, start) === bytes ? buffer.toString() : '';
  } finally {
    closeSync(reader);
  }
}
