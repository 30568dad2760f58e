// Puts a text in the place of a file: written beside it, then renamed over it, so that who reads it, or is killed
// while writing it, leaves and finds the old one or the new one, whole. In directories that only pcheck's user may write to.
import { closeSync, constants, fchmodSync, openSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { errorCode } from '../errors.ts';

/** The mode is the file's own, whatever the umask. Throws; what was there stays then. */
export function replaceFile(path: string, text: string, mode: number): void {
  const next = nextOf(path);
  writeWhole(next, Buffer.from(text), mode);
  renameSync(next, path);
}

/** What a writer that was killed leaves behind. */
export function nextOf(path: string): string {
  return `${path}.new`;
}

function writeWhole(path: string, bytes: Buffer, mode: number): void {
  const descriptor = openNew(path, mode);
  try {
    fchmodSync(descriptor, mode);
    const written = writeSync(descriptor, bytes, 0, bytes.length, 0);
    // A file system that becomes full takes a part, without an error.
    if (written < bytes.length) throw new Error('ENOSPC');
  } finally {
    closeSync(descriptor);
  }
}

/** Never one that is there, nor what a link leads to. */
function openNew(path: string, mode: number): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
  try {
    return openSync(path, flags, mode);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    unlinkSync(path);
    return openSync(path, flags, mode);
  }
}
