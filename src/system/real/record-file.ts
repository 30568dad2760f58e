// The record beside the control socket: on tmpfs, written with a single write(2), so a killed pcheck leaves
// the old one or the new one (SPEC 7).
import {
  closeSync,
  constants,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { errorCode } from '../errors.ts';
import type { RecordFile } from '../types.ts';

export function createRecordFile(path: string): RecordFile {
  let descriptor: number | undefined;
  let length = 0;
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
        const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
        descriptor ??= openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600);
        const bytes = Buffer.from(text);
        // What an earlier, longer record leaves behind its end is told from this one by the reader.
        writeSync(descriptor, bytes, 0, bytes.length, 0);
        if (bytes.length < length) ftruncateSync(descriptor, bytes.length);
        length = bytes.length;
        return undefined;
      } catch (error) {
        return errorCode(error);
      }
    },
    remove() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
      rmSync(path, { force: true });
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
