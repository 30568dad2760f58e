// What the folder of the dump file is good for: nothing can be written there (73), or something is to be warned of.
import { type LogMessage, message } from '../log/catalogue.ts';
import { visible } from '../log/visible.ts';
import { formatMode } from '../pfile/mode.ts';
import { createDumpFolder, type DumpFolder } from '../system/real/files/dump-folder.ts';
import { createFolderCalls } from '../system/real/files/folder-calls.ts';
import type { FolderProblem } from '../system/real/files/folder-walk.ts';
import { type FolderLook, lookAtFolder } from '../system/real/files/look-at-folder.ts';
import type { Kernel } from '../system/real/kernel.ts';
import { ownUid } from '../system/real/runtime-directory.ts';
import { EXIT, ExitError } from './exit.ts';

export type DumpPlace = {
  readonly folder: DumpFolder;
  /** The file's name in it. */
  readonly name: string;
};

export type DumpFolderJudgement = {
  readonly warnings: readonly LogMessage[];
  /** The same for every way that leads there; undefined where that is not known. */
  readonly identity: string | undefined;
};

/** A new pcheck has to be there within a second, whatever hangs. */
const LIMIT_MILLISECONDS = 500;

export function dumpPlace(shmDumpFile: string, kernel: Kernel): DumpPlace {
  const at = shmDumpFile.lastIndexOf('/');
  const path = shmDumpFile.slice(0, Math.max(at, 1));
  return {
    folder: createDumpFolder(createFolderCalls(kernel), path, ownUid()),
    name: shmDumpFile.slice(at + 1),
  };
}

/** Rejects when nothing can be written there. */
export async function judgeDumpFolder(place: DumpPlace, kernel: Kernel): Promise<DumpFolderJudgement> {
  const look = await lookAtFolder(place.folder, place.name, createFolderCalls(kernel), LIMIT_MILLISECONDS);
  if ('is' in look) return { warnings: [warningOf(place, look)], identity: undefined };
  if (look.notWritable !== undefined) throw unusable(place, 'it may not be written');
  refuseWhatLiesThere(place, look);
  const { device, inode } = look.stat;
  return { warnings: warningsOf(place, look), identity: `${device}-${inode}` };
}

/** Where nobody else could have laid it, it is a mistake: the first dump would take the place of a device. */
function refuseWhatLiesThere(place: DumpPlace, { there, others }: FolderLook): void {
  if (others !== 'nothing') return;
  if (there === 'directory') throw unusable(place, `${place.name} is a directory: name a file`);
  if (there === 'other') throw unusable(place, `${place.name} is not a regular file`);
}

function warningOf(place: DumpPlace, { is, text }: FolderProblem): LogMessage {
  const folder = place.folder.path;
  switch (is) {
    case 'missing':
      throw unusable(place, 'there is no such directory, make it first');
    case 'not-directory':
      throw unusable(place, 'it is not a directory');
    case 'failed':
      throw unusable(place, text);
    case 'untrusted':
      return message('dumpFolderRefused', { folder, problem: text });
    case 'silent':
      return message('dumpFolderSilent', { folder });
    default:
      return is satisfies never;
  }
}

function warningsOf({ folder }: DumpPlace, { others, stat: { uid, mode } }: FolderLook): LogMessage[] {
  if (others !== 'replace') return [];
  return [message('dumpFolderShared', { folder: folder.path, uid, mode: formatMode(mode) })];
}

function unusable({ folder: { path }, name }: DumpPlace, problem: string): ExitError {
  const file = visible(`${path === '/' ? '' : path}/${name}`);
  return new ExitError(
    EXIT.cannotCreate,
    `cannot write beside SHM_DUMP_FILE ${file}: ${visible(path)}: ${visible(problem)}`,
  );
}
