// Reads a whole regular file, without waiting for anybody and within a bound: what else may lie under a name
// (a FIFO that nobody writes, a device, a file without end) is not even opened, or not read.
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Ownership } from '../types.ts';

/** More than any pfile needs. */
export const MAX_PFILE_BYTES = 1024 * 1024;

/** It is there, but it is not what may be read; the text says what it is instead. */
export class UnfitFile extends Error {}

export type RegularFile = {
  readonly text: string;
  readonly owner: Ownership;
};

/** Text and owner from one descriptor, so that what is judged is what is read. Throws UnfitFile, or as open(2) and read(2) do. */
export function readRegularFile(path: string, maximumBytes: number, links: 'follow' | 'refuse'): RegularFile {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
  const named = links === 'refuse' ? lstatSync(path) : statSync(path);
  refuseUnfit(named.mode, named.size, maximumBytes);
  const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (links === 'refuse' ? O_NOFOLLOW : 0);
  const descriptor = openSync(path, flags);
  try {
    const stat = fstatSync(descriptor);
    refuseUnfit(stat.mode, stat.size, maximumBytes);
    return { text: readBytes(descriptor, stat.size), owner: { uid: stat.uid, mode: stat.mode } };
  } finally {
    closeSync(descriptor);
  }
}

/** By its mode, with the bits of its type, and its size. Throws UnfitFile. */
export function refuseUnfit(mode: number, bytes: number, maximumBytes: number): void {
  const type = mode & constants.S_IFMT;
  if (type === constants.S_IFLNK) throw new UnfitFile('it is a symbolic link');
  if (type === constants.S_IFDIR) throw new UnfitFile('it is a directory (EISDIR)');
  if (type !== constants.S_IFREG) throw new UnfitFile('it is not a regular file');
  if (bytes > maximumBytes) throw new UnfitFile(`it is larger than ${maximumBytes / 1024 / 1024} MiB`);
}

/** No more than its size when it was opened: one that grows, or has none to tell, must not be read for ever. */
function readBytes(descriptor: number, size: number): string {
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const read = readSync(descriptor, bytes, length, size - length, null);
    if (read === 0) break;
    length += read;
  }
  return bytes.toString('utf8', 0, length);
}
