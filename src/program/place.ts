// The place of one pcheck on this machine: its directory, and in it the two locks that keep a second pcheck of the same
// user away from the same IPCKEY or dump file (SPEC 7). That one lies in a folder which others may write to.
import { formatIpckey } from '../control/question.ts';
import { type LogMessage, message } from '../log/catalogue.ts';
import { visible } from '../log/visible.ts';
import type { Pfile } from '../pfile/types.ts';
import { errorCode } from '../system/errors.ts';
import { hasMemory } from '../system/real/files/memory-place.ts';
import type { Kernel } from '../system/real/kernel.ts';
import { hashedName, takeLock } from '../system/real/lock.ts';
import { makeRuntimeDirectory, runtimeDirectory } from '../system/real/runtime-directory.ts';
import { realSystem } from '../system/real/system.ts';
import { type DumpPlace, judgeDumpFolder } from './dump-folder.ts';
import { EXIT, ExitError } from './exit.ts';

const PATIENCE_SECONDS = 5;

export type Place = {
  readonly warnings: readonly LogMessage[];
  leave(): void;
};

/** Waits a little for a pcheck that is ending; rejects when the place is taken or cannot be made. */
export async function takePlace(pfile: Pfile, dump: DumpPlace, kernel: Kernel): Promise<Place> {
  const { ipckey, shmDumpFile } = pfile.parameters;
  const directory = runtimeDirectory();
  const { warnings, identity } = await judgeDumpFolder(dump, kernel);
  const description = `pid ${realSystem.proc.ownPid}, pfile ${pfile.path}`;
  const key = formatIpckey(ipckey);
  const locks = [{ what: `IPCKEY ${key}`, file: `${directory}/${key}.lock` }];
  // A folder that is not known now holds up nobody: then two may write the same file.
  if (identity !== undefined) {
    const file = `${directory}/dump-${identity}-${hashedName(dump.name)}.lock`;
    locks.push({ what: `SHM_DUMP_FILE ${visible(shmDumpFile)}`, file });
  }
  const releases: (() => void)[] = [];
  try {
    makeRuntimeDirectory(directory);
    for (const { what, file } of locks) {
      const lock = await takeLock(kernel, file, description, PATIENCE_SECONDS);
      if (!lock.held) {
        const text = `already running: another pcheck (${visible(lock.holder)}) holds ${what}`;
        throw new ExitError(EXIT.alreadyRunning, text);
      }
      releases.push(lock.release);
    }
  } catch (error) {
    for (const release of releases) release();
    if (error instanceof ExitError) throw error;
    const reason = error instanceof Error ? error.message : errorCode(error);
    throw new ExitError(EXIT.cannotCreate, visible(`cannot make the lock files in ${directory}: ${reason}`));
  }
  return {
    warnings: hasMemory(directory) ? warnings : [...warnings, message('runtimeOnDisk', { directory })],
    leave() {
      for (const release of releases) release();
    },
  };
}
