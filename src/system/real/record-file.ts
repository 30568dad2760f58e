// The record, in memory: written beside it, then renamed over it, so a killed pcheck leaves the old one or the new one
// (SPEC 7); what is added to it later may be broken off at its end (record.ts). Whatever lies in its place is no reason
// not to start.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { errorCode, errorOf } from '../errors.ts';
import type { RecordFile } from '../types.ts';
import { isLinked, linkPlace, type MemoryPlace, memoryPlace, placeOrError } from './files/memory-place.ts';
import { readRegularFile, UnfitFile } from './regular-file.ts';
import { nextOf, replaceFile } from './replace-file.ts';
import { makeRuntimeDirectory } from './runtime-directory.ts';

const { O_WRONLY, O_APPEND, O_NOFOLLOW } = constants;
/** Ten thousand entries need a tenth of it. */
const MAX_BYTES = 64 * 1024 * 1024;

/** `path` is where others look for it; reading and putting aside belong to the start, and may wait for the disk of that. */
export function createRecordFile(
  path: string,
  findPlace: (path: string) => MemoryPlace = inMemory,
): RecordFile {
  const place = placeOrError(() => findPlace(path));
  let descriptor: number | undefined;
  let linkError: string | undefined;

  function close(): void {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  }

  /** What lies where others look for it. */
  function found(): string {
    return 'path' in place && isLinked(place) ? place.path : path;
  }

  /** What is in memory is this text, or nothing, and is found there from now on. */
  function settle(text: string | undefined): void {
    if ('error' in place || isLinked(place)) return;
    linkError = errorOf(() => {
      if (text === undefined) rmSync(place.path, { force: true });
      else replaceFile(place.path, text, MODE);
      linkPlace(place);
    });
  }

  return {
    read() {
      try {
        const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
        const text = isThere ? readRegularFile(found(), MAX_BYTES, 'refuse').text : undefined;
        settle(text);
        return text === undefined ? undefined : { text };
      } catch (error) {
        const problem = error instanceof UnfitFile ? error.message : errorCode(error);
        // The link to it is there, and memory is empty.
        return problem === 'ENOENT' ? undefined : { error: problem };
      }
    },
    write(text) {
      close();
      if ('error' in place) return place.error;
      const error = linkError ?? errorOf(() => replaceFile(place.path, text, MODE));
      if (error === undefined) descriptor = openToAdd(place.path);
      return error;
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
      if ('error' in place) return false;
      try {
        return descriptor !== undefined && statSync(place.path).ino === fstatSync(descriptor).ino;
      } catch {
        // ENOENT: it was removed.
        return false;
      }
    },
    remove() {
      close();
      const files = 'error' in place ? [] : [place.path, nextOf(place.path), place.link];
      for (const file of files) if (file !== undefined) rmSync(file, { force: true });
    },
    putAside() {
      const aside = asideOf(found());
      settle(undefined);
      return aside;
    },
  };
}

const MODE = 0o600;

function inMemory(path: string): MemoryPlace {
  return memoryPlace(path, makeRuntimeDirectory);
}

/** Renames it out of the way; where to. */
function asideOf(path: string): string {
  const aside = `${path}.bad`;
  const error = errorOf(() => renameSync(path, aside));
  if (error === undefined) return aside;
  // What was put aside before is of another kind.
  const other = `${aside}-${randomBytes(RANDOM_BYTES).toString('hex')}`;
  return errorOf(() => renameSync(path, other)) === undefined ? other : `nowhere (${error})`;
}

const RANDOM_BYTES = 4;

/** Undefined where no descriptor is left: then nothing can be added, and the record is written anew each time. */
function openToAdd(path: string): number | undefined {
  try {
    return openSync(path, O_WRONLY | O_APPEND | O_NOFOLLOW);
  } catch {
    // EMFILE, ENFILE.
    return undefined;
  }
}
