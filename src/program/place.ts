// The place of one pcheck on this machine: its directory and the two locks that keep a second pcheck away from
// the same IPCKEY or dump file (SPEC 7).
import { formatIpckey } from '../control/question.ts';
import type { Pfile } from '../pfile/types.ts';
import { errorCode } from '../system/errors.ts';
import type { Kernel } from '../system/real/kernel.ts';
import { takeLock } from '../system/real/lock.ts';
import { makeRuntimeDirectory, runtimeDirectory } from '../system/real/runtime-directory.ts';
import { realSystem } from '../system/real/system.ts';
import { EXIT, ExitError } from './exit.ts';

const PATIENCE_SECONDS = 5;

export type Place = {
  leave(): void;
};

/** Waits a little for a pcheck that is ending; throws when the place is taken or cannot be made. */
export async function takePlace(pfile: Pfile, kernel: Kernel): Promise<Place> {
  const { ipckey, shmDumpFile } = pfile.parameters;
  const directory = runtimeDirectory();
  checkDumpFolder(shmDumpFile);
  const description = `pid ${realSystem.proc.ownPid}, pfile ${pfile.path}`;
  const dumpFile = realSystem.files.resolve(shmDumpFile) ?? inResolvedFolder(shmDumpFile);
  const places = [
    {
      what: `IPCKEY ${formatIpckey(ipckey)}`,
      file: `${directory}/${formatIpckey(ipckey)}.lock`,
      isRemovedAfter: true,
    },
    // Beside the file itself, so that it holds between users too. It stays there: its disk may be stuck at the end.
    { what: `SHM_DUMP_FILE ${shmDumpFile}`, file: `${dumpFile}.lock`, isRemovedAfter: false },
  ];
  const releases: (() => void)[] = [];
  try {
    makeRuntimeDirectory(directory);
    for (const { what, file, isRemovedAfter } of places) {
      const lock = await takeLock(kernel, file, description, PATIENCE_SECONDS, isRemovedAfter);
      if (lock.held) {
        releases.push(lock.release);
        continue;
      }
      throw new ExitError(
        EXIT.alreadyRunning,
        `already running: another pcheck (${lock.holder}) holds ${what}`,
      );
    }
  } catch (error) {
    for (const release of releases) release();
    if (error instanceof ExitError) throw error;
    throw new ExitError(
      EXIT.cannotCreate,
      `cannot make the lock files in ${directory} and beside ${shmDumpFile}: ${error instanceof Error ? error.message : errorCode(error)}`,
    );
  }
  return {
    leave() {
      for (const release of releases) release();
    },
  };
}

/** One dump file has one lock, however its folder is named. */
function inResolvedFolder(path: string): string {
  const folder = realSystem.files.resolve(path.slice(0, Math.max(path.lastIndexOf('/'), 1)));
  return folder === undefined ? path : `${folder}/${path.slice(path.lastIndexOf('/') + 1)}`;
}

/** Throws when nothing can be written beside the dump file. */
export function checkDumpFolder(shmDumpFile: string): void {
  const folder = shmDumpFile.slice(0, Math.max(shmDumpFile.lastIndexOf('/'), 1));
  const kind = realSystem.files.kind(folder);
  const problem =
    kind === 'missing'
      ? 'there is no such directory, make it first'
      : kind !== 'directory'
        ? 'it is not a directory'
        : realSystem.files.isWritable(folder)
          ? undefined
          : 'it may not be written';
  if (problem === undefined) return;
  throw new ExitError(
    EXIT.cannotCreate,
    `cannot write beside SHM_DUMP_FILE ${shmDumpFile}: ${folder}: ${problem}`,
  );
}
