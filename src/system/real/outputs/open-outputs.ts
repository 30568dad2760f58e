// Opens output files in the folder of the dump file, and has those that are missing made by a child: which file there
// may take the output of a script is decided here. One round at a time, for all that are wanted by then.
import type { DumpFolder } from '../files/dump-folder.ts';
import type { FolderCalls } from '../files/folder-calls.ts';
import type { OpenFolder } from '../files/folder-walk.ts';
import type { FileStat, Opened } from '../files/open-call.ts';
import type { Failed } from '../libc/in-thread.ts';
import type { RunShell } from '../scripts/run-shell.ts';
import type { OpenFailure } from './output.ts';
import type { OutputCalls } from './output-calls.ts';

export type OpenedOutput = {
  readonly descriptor: number;
  readonly bytes: number;
  /** Another one for every file that ever lies there. */
  readonly identity: string;
  /** On a disk of this machine: nothing that is asked of it waits for a server. */
  readonly isLocal: boolean;
};

export type OutputOpener = {
  /** `onOpen` comes later, once, however late. Of those that are not to be kept open a few at a time are open. */
  open(name: string, isToKeep: boolean, onOpen: (opened: OpenedOutput | OpenFailure) => void): void;
  /** What is being opened takes so long that its file system seems to hang. */
  isSilent(): boolean;
};

type Wanted = {
  readonly name: string;
  readonly isToKeep: boolean;
  readonly onOpen: (opened: Result) => void;
};
type Result = OpenedOutput | OpenFailure;

/** `$@` are names in the working directory. What cannot be made cannot be opened afterwards either, which tells why. */
const MAKE = 'umask 077; set -C; for file; do true >"$file"; done';
/** Where others may lay links meanwhile (O_EXCL, O_NOFOLLOW). */
const MAKE_AMONG_OTHERS =
  'umask 077; for file; do dd of="$file" count=0 conv=excl oflag=nofollow status=none; done';

const OTHERS_AT_ONCE = 8;
const SILENT_MILLISECONDS = 350;
const MAKING_MILLISECONDS = 20;
const MAX_NAME_BYTES = 255;

export function createOutputOpener(
  folder: DumpFolder,
  calls: OutputCalls & Pick<FolderCalls, 'fileSystem'>,
  runShell: RunShell,
  ownUid: number,
): OutputOpener {
  let wanted: Wanted[] = [];
  let state: 'idle' | 'soon' | { readonly silentFrom: number } = 'idle';

  function expectAnswerWithin(milliseconds: number): void {
    state = { silentFrom: performance.now() + milliseconds };
  }

  function begin(): void {
    const others = wanted.filter(({ isToKeep }) => !isToKeep);
    const round = [...wanted.filter(({ isToKeep }) => isToKeep), ...others.splice(0, OTHERS_AT_ONCE)];
    wanted = others;
    expectAnswerWithin(SILENT_MILLISECONDS);
    folder.open(undefined, (found) => {
      if ('descriptor' in found) openIn(found, round);
      else end(round, () => ({ error: found.text, isFolder: true }));
    });
  }

  function end(round: readonly Wanted[], resultOf: (at: number) => Result): void {
    state = wanted.length > 0 ? 'soon' : 'idle';
    if (state === 'soon') setImmediate(begin);
    round.forEach(({ onOpen }, at) => void onOpen(resultOf(at)));
  }

  function openIn(found: OpenFolder, round: readonly Wanted[]): void {
    const names = round.map(({ name }) => name);
    calls.fileSystem(found.descriptor, (type) => {
      const isLocal = typeof type === 'number' && LOCAL_FILE_SYSTEMS.includes(type);
      const judge = (opened: Opened | Failed) => judged(opened, found, isLocal);
      openOrMake(found, names, (results) => {
        found.close();
        end(round, (at) => judge(results[at] ?? MISSING));
      });
    });
  }

  /** Those that are missing are made, and opened then. */
  function openOrMake(
    { descriptor, others }: OpenFolder,
    names: readonly string[],
    onEnd: (results: readonly (Opened | Failed)[]) => void,
  ): void {
    calls.open(descriptor, names, (results) => {
      if ('error' in results) {
        onEnd(names.map(() => results));
        return;
      }
      const missing = names.map((name, at) => ({ name, at })).filter(({ at }) => isMissing(results[at]));
      const missingNames = missing.map(({ name }) => name);
      if (missing.length === 0) {
        onEnd(results);
        return;
      }
      const openMade = () =>
        calls.open(descriptor, missingNames, (made) => {
          const all = [...results];
          missing.forEach(({ at }, index) => {
            all[at] = 'error' in made ? made : (made[index] ?? MISSING);
          });
          onEnd(all);
        });
      expectAnswerWithin(SILENT_MILLISECONDS + missing.length * MAKING_MILLISECONDS);
      const text = others === 'nothing' ? MAKE : MAKE_AMONG_OTHERS;
      runShell({ text, words: missingNames, directory: descriptor }, { ended: openMade });
    });
  }

  function judged(opened: Opened | Failed, { others }: OpenFolder, isLocal: boolean): Result {
    if ('error' in opened) return { error: textOf(opened.error) };
    const { descriptor, stat } = opened;
    const problem = problemOf(stat, others === 'nothing' ? undefined : ownUid);
    if (problem === undefined) {
      const identity = `${stat.device} ${stat.inode} ${stat.birth}`;
      return { descriptor, bytes: stat.bytes, identity, isLocal };
    }
    calls.close(descriptor);
    return { error: problem };
  }

  return {
    open(name, isToKeep, onOpen) {
      if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
        setImmediate(onOpen, { error: 'ENAMETOOLONG' });
        return;
      }
      wanted.push({ name, isToKeep, onOpen });
      if (state !== 'idle') return;
      state = 'soon';
      setImmediate(begin);
    },
    isSilent: () => typeof state === 'object' && performance.now() > state.silentFrom,
  };
}

const MISSING: Failed = { error: 'ENOENT' };

function isMissing(result: Opened | Failed | undefined): boolean {
  return result === undefined || ('error' in result && result.error === MISSING.error);
}

const NOT_REGULAR = 'not a regular file';
/** A link, a FIFO that nobody reads, a directory. */
const NOT_REGULAR_CODES: readonly string[] = ['ELOOP', 'ENXIO', 'EISDIR'];

function textOf(error: string): string {
  return NOT_REGULAR_CODES.includes(error) ? `${NOT_REGULAR} (${error})` : error;
}

const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;

/** `ownUid`: others may have laid it there. Then a further name could be that of any file of this disk. */
function problemOf({ mode, names, uid }: FileStat, ownUid: number | undefined): string | undefined {
  if ((mode & TYPE_MASK) !== REGULAR) return NOT_REGULAR;
  if (ownUid === undefined) return undefined;
  if (names > 1) return 'it has a further name (a hard link), and others may write to its folder';
  if (uid !== 0 && uid !== ownUid) return `it belongs to uid ${uid}, and others may write to its folder`;
  return undefined;
}

/** statfs(2): ext2 to ext4, XFS, Btrfs, F2FS, ZFS, bcachefs, JFS, tmpfs, ramfs, overlayfs. */
const LOCAL_FILE_SYSTEMS: readonly number[] = [
  0xef53, 0x58465342, 0x9123683e, 0xf2f52010, 0x2fc12fc1, 0xca451a4e, 0x3153464a, 0x01021994, 0x858458f6,
  0x794c7630,
];
