// Where pcheck itself writes while it runs: in memory only, since a disk may be stuck. Runtime directories lie in memory
// as a rule; for the files of one that does not there is a directory in /dev/shm, and links lead to them.
import { lstatSync, readlinkSync, renameSync, rmSync, statfsSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { errorCode } from '../../errors.ts';

export type MemoryPlace = {
  readonly path: string;
  /** Where others look for it, when that is somewhere else. */
  readonly link: string | undefined;
};

/** May wait for a disk, so only at the start. `makeDirectory` makes one where it is missing, and throws for one that is not ours. */
export function memoryPlace(
  path: string,
  makeDirectory: (path: string) => void,
  sharedMemory = SHARED_MEMORY,
): MemoryPlace {
  const directory = dirname(path);
  makeDirectory(directory);
  // Where there is no memory at all a disk has to do (hasMemory).
  if (isInMemory(directory) || !isInMemory(sharedMemory)) return { path, link: undefined };
  const { dev, ino } = statSync(directory);
  // Another one for every directory: programs with a /run of their own may share it.
  const other = `${sharedMemory}/${basename(directory)}-${dev.toString(16)}-${ino.toString(16)}`;
  makeDirectory(other);
  return { path: `${other}/${basename(path)}`, link: path };
}

/** `find` may throw. */
export function placeOrError(find: () => MemoryPlace): MemoryPlace | { readonly error: string } {
  try {
    return find();
  } catch (error) {
    return { error: errorCode(error) };
  }
}

/** Whether what is written for this directory never waits for a disk. */
export function hasMemory(directory: string): boolean {
  return isInMemory(directory) || isInMemory(SHARED_MEMORY);
}

/** Whether its link leads to it already. */
export function isLinked({ path, link }: MemoryPlace): boolean {
  if (link === undefined) return true;
  const isLink = lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  return isLink && readlinkSync(link) === path;
}

/** Makes the link, in the place of whatever file lies there. May wait for a disk. */
export function linkPlace(place: MemoryPlace): void {
  const { path, link } = place;
  if (link === undefined || isLinked(place)) return;
  const next = `${link}.new`;
  rmSync(next, { force: true });
  symlinkSync(path, next);
  renameSync(next, link);
}

const SHARED_MEMORY = '/dev/shm';
/** statfs(2): tmpfs, ramfs. */
const MEMORY_FILE_SYSTEMS: readonly number[] = [0x01021994, 0x858458f6];

function isInMemory(directory: string): boolean {
  try {
    return MEMORY_FILE_SYSTEMS.includes(statfsSync(directory).type);
  } catch {
    // ENOENT: a container without one.
    return false;
  }
}
