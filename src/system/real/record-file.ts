// The record beside the control socket, on tmpfs: written beside it, then renamed over it, so a killed pcheck
// leaves the old one or the new one (SPEC 7). One write(2) alone is not enough: a SIGKILL breaks it off at a page.
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import type { RecordFile } from '../types.ts';
import { nextOf, replaceFile } from './replace-file.ts';

export function createRecordFile(path: string): RecordFile {
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
        replaceFile(path, text, 0o600);
        return undefined;
      } catch (error) {
        return errorCode(error);
      }
    },
    remove() {
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
