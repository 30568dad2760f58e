// padmin --last: what pcheck had last written into its dump file, whether it runs or not. The file lies where
// the pfile says, perhaps on a disk that others write to, so it is believed only when it is pcheck's own.
import { pentsAsJson } from '../control/json.ts';
import { noSuchPent } from '../control/messages.ts';
import { showPents } from '../control/show.ts';
import { parseDump } from '../entry/dump.ts';
import type { Snapshot } from '../entry/snapshot.ts';
import { ctime } from '../log/time.ts';
import { visible } from '../log/visible.ts';
import { readShmDumpFileLeniently } from '../pfile/lenient.ts';
import { formatMode, GROUP_WRITE, OTHERS_WRITE } from '../pfile/mode.ts';
import { errorCode } from '../system/errors.ts';
import { resolvePath } from '../system/real/files.ts';
import { type RegularFile, readRegularFile, UnfitFile } from '../system/real/regular-file.ts';
import { ownUid } from '../system/real/runtime-directory.ts';
import { printError, printOut } from '../system/real/terminal.ts';
import type { Ownership } from '../system/types.ts';
import { EXIT, ExitError } from './exit.ts';
import type { PadminOptions } from './padmin-options.ts';
import { readErrorText } from './unreadable.ts';

export function showLast({ file, pentId, json }: PadminOptions, pfileText: string): number {
  const last = readLast(file, pfileText);
  const pents = last.pents.filter((pent) => pentId === undefined || pent.pentId === pentId);
  if (pentId !== undefined && pents.length === 0) {
    throw new ExitError(EXIT.usage, noSuchPent(pentId, last.pents));
  }
  if (json) {
    printOut(pentsAsJson({ ...last, pents }, 'dump'));
    return EXIT.done;
  }
  const { pcheckPid, version, takenAt } = last;
  printError(
    `padmin: last state of pcheck pid ${pcheckPid} (psaver ${visible(version)}), written ${ctime(takenAt)}\n`,
  );
  printOut(showPents(pents));
  return EXIT.done;
}

/** Ten thousand entries with long strings stay far below. */
const DUMP_BYTES_MAXIMUM = 64 * 1024 * 1024;

function readLast(file: string, pfileText: string): Snapshot {
  const path = readShmDumpFileLeniently(pfileText);
  if (path === undefined) {
    const expected = 'expected: SHM_DUMP_FILE and an absolute path';
    throw new ExitError(EXIT.badPfile, `${visible(file)}: no valid SHM_DUMP_FILE line (${expected})`);
  }
  const { text, owner } = readDump(path, file);
  const doubt = doubtAbout(owner);
  if (doubt !== undefined) throw unusable(path, doubt);
  const last = parseDump(text);
  if ('problem' in last) throw unusable(path, last.problem);
  if (last.pfile !== (resolvePath(file) ?? file)) {
    throw unusable(path, `it is of another pfile, ${visible(last.pfile)}`);
  }
  return last;
}

function readDump(path: string, file: string): RegularFile {
  try {
    // pcheck renames it into place: it is never a link.
    return readRegularFile(path, DUMP_BYTES_MAXIMUM, 'refuse');
  } catch (error) {
    if (error instanceof UnfitFile) throw unusable(path, error.message);
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ExitError(
        EXIT.noDump,
        `there is no dump ${visible(path)}: no pcheck has written one for ${visible(file)}, or its disk is not mounted`,
      );
    }
    throw new ExitError(EXIT.noPfile, `cannot read the dump ${visible(path)}: ${readErrorText(error)}`);
  }
}

/** pcheck writes it as root or as the user that asks, mode 0600. */
function doubtAbout({ uid, mode }: Ownership): string | undefined {
  if (uid !== 0 && uid !== ownUid()) return `it belongs to uid ${uid}: ask as that user`;
  if (mode & (GROUP_WRITE | OTHERS_WRITE)) return `others may write to it (${formatMode(mode)})`;
  return undefined;
}

function unusable(path: string, problem: string): ExitError {
  return new ExitError(EXIT.badPfile, `the dump ${visible(path)} cannot be used: ${visible(problem)}`);
}
