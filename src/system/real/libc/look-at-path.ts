// Looks in a thread at what lies at a path, since its file system may hang, and holds it. Nothing is opened for reading
// or writing, made or changed. What is done with it is the caller's matter.
import { errnoName } from './koffi.ts';
import { AT_FDCWD, O_CLOEXEC, type SystemCalls } from './system-calls.ts';
import type { ThreadList, Threads } from './threads.ts';

/** `descriptor` stands for it (open(2), O_PATH); the caller closes it. `writeError`: why it may not be written. */
export type FoundAtPath =
  | { readonly is: 'missing'; readonly folderError: string | undefined }
  | { readonly is: 'unreadable'; readonly error: string }
  | {
      readonly is: FileType;
      readonly descriptor: number;
      readonly inode: number;
      readonly writeError: string | undefined;
    };

export type FileType = 'file' | 'directory' | 'fifo' | 'device' | 'socket';

/** `onFound` comes later, once, however late. */
export type LookAtPath = (path: string, onFound: (found: FoundAtPath) => void) => void;

/** Linux's own numbers (fcntl.h, stat.h, unistd.h). */
const O_PATH = 0o10000000;
const AT_EMPTY_PATH = 0x1000;
const AT_STATX_DONT_SYNC = 0x4000;
const STATX_TYPE_AND_INODE = 0x101;
const W_OK = 2;
const X_OK = 1;
/** struct statx. */
const STATX_BYTES = 256;
const MODE_OFFSET = 28;
const INODE_OFFSET = 32;
const TYPE_BITS = 0o170000;
const TYPES: ReadonlyMap<number, FileType> = new Map([
  [0o100000, 'file'],
  [0o040000, 'directory'],
  [0o010000, 'fifo'],
  [0o020000, 'device'],
  [0o060000, 'device'],
  [0o140000, 'socket'],
]);

const LIST_BYTES = 2048;
const ENOENT = 2;

export function createLookAtPath(threads: Threads, calls: SystemCalls): LookAtPath {
  return (path, onFound) => {
    const list = threads.newList(LIST_BYTES + 2 * Buffer.byteLength(path));
    const answers = addCalls(list, path, calls);
    const error = threads.run(list, () => onFound(foundIn(answers)));
    if (error !== undefined) setImmediate(onFound, { is: 'unreadable', error });
  };
}

type Answers = ReturnType<typeof addCalls>;

function addCalls(list: ThreadList, path: string, calls: SystemCalls) {
  const [opened, access, stat] = [list.area(8), list.area(8), list.area(STATX_BYTES)];
  const [name, folder, nothing] = [list.text(path), list.text(folderOf(path)), list.text('')];
  const missing = list.label();
  const open = list.add({
    system: calls.openat,
    arguments: [AT_FDCWD, name, O_PATH | O_CLOEXEC],
    below: missing,
  });
  const flags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
  const look = list.add({
    system: calls.statx,
    arguments: [0, nothing, flags, STATX_TYPE_AND_INODE, stat.address],
  });
  open.setResults(opened.address, look.argument(0));
  const end = { below: 'finish', zero: 'finish', above: 'finish' } as const;
  const results = [access.address] as const;
  list.add({ system: calls.faccessat, arguments: [AT_FDCWD, name, W_OK], results, ...end });
  list.place(missing);
  list.add({ system: calls.faccessat, arguments: [AT_FDCWD, folder, W_OK | X_OK], results });
  list.seal();
  return { opened, access, stat };
}

function foundIn({ opened, access, stat }: Answers): FoundAtPath {
  const descriptor = opened.number();
  const accessError = access.number() < 0 ? errnoName(-access.number()) : undefined;
  if (descriptor === -ENOENT) return { is: 'missing', folderError: accessError };
  if (descriptor < 0) return { is: 'unreadable', error: errnoName(-descriptor) };
  return {
    is: TYPES.get(stat.bytes.readUInt16LE(MODE_OFFSET) & TYPE_BITS) ?? 'device',
    descriptor,
    inode: stat.number(INODE_OFFSET),
    writeError: accessError,
  };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1) || '.';
}
