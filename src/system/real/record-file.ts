// The record beside the control socket, on tmpfs: written beside it, then renamed over it, so a killed pcheck
// leaves the old one or the new one (SPEC 7); what is added to it later may be broken off at its end (record.ts).
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { errorCode } from '../errors.ts';
import type { RecordFile } from '../types.ts';
import { nextOf, replaceFile } from './replace-file.ts';

const { O_WRONLY, O_APPEND, O_NOFOLLOW } = constants;

export function createRecordFile(path: string): RecordFile {
  let descriptor: number | undefined;

  function close(): void {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  }

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
      close();
      try {
        replaceFile(path, text, 0o600);
      } catch (error) {
        return errorCode(error);
      }
      descriptor = openToAdd(path);
      return undefined;
    },
    append(text) {
      if (descriptor === undefined) return 'EBADF';
      try {
        const bytes = Buffer.from(text);
        // A file system that becomes full takes a part, without an error.
        return writeSync(descriptor, bytes) < bytes.length ? 'ENOSPC' : undefined;
      } catch (error) {
        return errorCode(error);
      }
    },
    isInPlace() {
      try {
        return descriptor !== undefined && statSync(path).ino === fstatSync(descriptor).ino;
      } catch {
        // ENOENT: it was removed.
        return false;
      }
    },
    remove() {
      close();
      for (const file of [path, nextOf(path)]) rmSync(file, { force: true });
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

/** Undefined where no descriptor is left: then nothing can be added, and the record is written anew each time. */
function openToAdd(path: string): number | undefined {
  try {
    return openSync(path, O_WRONLY | O_APPEND | O_NOFOLLOW);
  } catch {
    // EMFILE, ENFILE.
    return undefined;
  }
}
