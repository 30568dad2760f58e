// The record beside the control socket, on tmpfs: written beside it, then renamed over it, so a killed pcheck
// leaves the old one or the new one (SPEC 7). One write(2) alone is not enough: a SIGKILL breaks it off at a page.
import { closeSync, constants, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import type { RecordFile } from '../types.ts';

export function createRecordFile(path: string): RecordFile {
  const next = `${path}.new`;
  return {
    read() {
      try {
        return { text: readFileSync(path, 'utf8') };
      } catch (error) {
        const code = errorCode(error);
        return code === 'ENOENT' ? undefined : { error: code };
      }
    },
    write(text) {
      try {
        writeWhole(next, Buffer.from(text));
        renameSync(next, path);
        return undefined;
      } catch (error) {
        return errorCode(error);
      }
    },
    remove() {
      for (const file of [path, next]) rmSync(file, { force: true });
    },
    putAside() {
      const aside = `${path}.bad`;
      try {
        renameSync(path, aside);
      } catch (error) {
        return `nowhere (${errorCode(error)})`;
      }
      return aside;
    },
  };
}

function writeWhole(path: string, bytes: Buffer): void {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
  try {
    const written = writeSync(descriptor, bytes, 0, bytes.length, 0);
    // A file system that becomes full takes a part, without an error.
    if (written < bytes.length) throw new Error('ENOSPC');
  } finally {
    closeSync(descriptor);
  }
}
