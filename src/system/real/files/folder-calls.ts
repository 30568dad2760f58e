// Calls on the way to a folder, each made by a thread: its file system, or the server behind it, may hang. No link is
// followed.
import { constants as files } from 'node:fs';
import { codeOf, type Failed, inThread, type ThreadCalls } from '../libc/in-thread.ts';
import { O_CLOEXEC } from '../libc/system-calls.ts';
import { addOpen, OPEN_BYTES, type Opened } from './open-call.ts';

export type OpenedLink = Opened & {
  /** Where it leads; empty of what is no link. */
  readonly target: string;
};

export type FolderCalls = {
  /** For calls relative to it and for fchdir(2) only (O_PATH): closing it waits for nothing. */
  openDirectory(parent: number, name: string, onEnd: (opened: Opened | Failed) => void): void;
  /** What lies there, a link itself. */
  openLink(parent: number, name: string, onEnd: (link: OpenedLink | Failed) => void): void;
  /** Fails where no files may be made in the directory. */
  mayMakeFiles(directory: number, onEnd: (result: 'yes' | Failed) => void): void;
  /** The magic number of its file system (statfs(2)). */
  fileSystem(descriptor: number, onEnd: (type: number | Failed) => void): void;
};

const { O_DIRECTORY, O_NOFOLLOW, W_OK, X_OK } = files;
/** fcntl.h. */
const O_PATH = 0o10000000;
const PATH_BYTES = 4096;
const STATFS_BYTES = 120;

export function createFolderCalls({ threads, systemCalls }: ThreadCalls): FolderCalls {
  return {
    openDirectory(parent, name, onEnd) {
      const flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
      const build = (list: Parameters<typeof addOpen>[0]) =>
        addOpen(list, systemCalls, parent, name, flags).read;
      inThread(threads, OPEN_BYTES, build, onEnd);
    },
    openLink(parent, name, onEnd) {
      const flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
      inThread(
        threads,
        OPEN_BYTES + PATH_BYTES,
        (list) => {
          const { open, stat, read } = addOpen(list, systemCalls, parent, name, flags);
          const [target, length] = [list.area(PATH_BYTES), list.area(8)];
          const link = list.add({
            system: systemCalls.readlinkat,
            arguments: [0, list.text(''), target.address, PATH_BYTES],
            results: [length.address],
          });
          open.setResults(stat.argument(0), link.argument(0));
          return () => {
            const opened = read();
            if ('error' in opened) return opened;
            return { ...opened, target: target.bytes.toString('utf8', 0, Math.max(length.number(), 0)) };
          };
        },
        onEnd,
      );
    },
    mayMakeFiles(directory, onEnd) {
      inThread(
        threads,
        OPEN_BYTES,
        (list) => {
          const result = list.area(8);
          const words = [directory, list.text('.'), W_OK | X_OK];
          list.add({ system: systemCalls.faccessat, arguments: words, results: [result.address] });
          return () => (result.number() < 0 ? { error: codeOf(result.number()) } : 'yes');
        },
        onEnd,
      );
    },
    fileSystem(descriptor, onEnd) {
      inThread(
        threads,
        OPEN_BYTES,
        (list) => {
          const [statfs, result] = [list.area(STATFS_BYTES), list.area(8)];
          const words = [descriptor, statfs.address];
          list.add({ system: systemCalls.fstatfs, arguments: words, results: [result.address] });
          return () =>
            result.number() < 0 ? { error: codeOf(result.number()) } : statfs.bytes.readUInt32LE();
        },
        onEnd,
      );
    },
  };
}
