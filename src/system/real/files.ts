// Files that are read where nothing else waits meanwhile: by commands that ask once and end. What a pfile names is the
// matter of files/file-lookup.ts.
import { realpathSync, type Stats, statSync } from 'node:fs';
import { MAX_PFILE_BYTES, readRegularFile } from './regular-file.ts';

/** The text of a pfile. Throws as open(2) and read(2) do. */
export function readText(path: string): string {
  return readRegularFile(path, MAX_PFILE_BYTES, 'follow').text;
}

/** Whether something is there that is neither a file nor a directory: a socket. */
export function isSpecial(path: string): boolean {
  const stat = statOf(path);
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

/** With all links resolved; undefined when it leads nowhere. */
export function resolvePath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    // ENOENT, ELOOP, EACCES: it leads nowhere that can be seen.
    return undefined;
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // ENOTDIR, EACCES, ELOOP: nothing that can be seen.
    return undefined;
  }
}
