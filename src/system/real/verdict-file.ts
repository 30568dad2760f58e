// The verdict, in memory, in a directory that everybody may read and only its owner may write; and a link to it beside the
// dump file, made by a child: neither waits for the disk of the dump, which may be stuck. Nothing of it throws.
import { dirname } from 'node:path';
import { errorOf } from '../errors.ts';
import type { FolderLink } from './files/folder-link.ts';
import { linkPlace, type MemoryPlace, memoryPlace, placeOrError } from './files/memory-place.ts';
import { replaceFile } from './replace-file.ts';
import { makePublicDirectory } from './runtime-directory.ts';

export type VerdictFile = {
  /** Where others look for it. */
  readonly path: string;
  readonly link: string;
  /** Replaces it as a whole; undefined, or the error. */
  write(text: string): string | undefined;
  /** `onEnd` comes later, once, however late: undefined, or the error. */
  makeLink(onEnd: (error: string | undefined) => void): void;
};

/** May wait for the disk of the directory, where that does not lie in memory: at the start. */
export function createVerdictFile(
  path: string,
  link: FolderLink,
  findPlace: (path: string) => MemoryPlace = inMemory,
): VerdictFile {
  const place = placeOrError(() => linkedPlace(path, findPlace));
  return {
    path,
    link: link.path,
    write(text) {
      if ('error' in place) return place.error;
      return errorOf(() => {
        // It may have been cleared away.
        makePublicDirectory(dirname(place.path));
        replaceFile(place.path, text, EVERYBODY_READS);
      });
    },
    makeLink: (onEnd) => link.lead(path, onEnd),
  };
}

const EVERYBODY_READS = 0o644;

function inMemory(path: string): MemoryPlace {
  return memoryPlace(path, makePublicDirectory);
}

function linkedPlace(path: string, find: (path: string) => MemoryPlace): MemoryPlace {
  const place = find(path);
  linkPlace(place);
  return place;
}
