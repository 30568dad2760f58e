// What can be asked about a file whose file system may hang: it is looked at in a thread and a child of its own.
import { type CreateFileList, FOLLOW, MAX_PATH_BYTES, NO_FOLLOW } from './file-lists.ts';
import { createLooks, type OnAnswer } from './file-look.ts';
import { type FileStat, isRegular } from './file-stat.ts';
import type { Threads } from './threads.ts';

/** An answer, or the name of the error, comes once, later; or never, as long as a file system hangs. */
export type FileCalls = {
  stat(path: string, follow: boolean, onAnswer: OnAnswer<FileStat>): void;
  readlink(path: string, onAnswer: OnAnswer<FileTarget>): void;
  /** With all links resolved. */
  realpath(path: string, onAnswer: OnAnswer<FileTarget>): void;
  /** `mode`: R_OK, W_OK, X_OK (access(2)). */
  access(path: string, mode: number, onAnswer: OnAnswer<Allowed>): void;
  /** What a file holds, up to so many bytes. What is no regular file is not opened. */
  readRegular(path: string, maximumBytes: number, follow: boolean, onAnswer: OnAnswer<FileContent>): void;
};

export type FileTarget = { readonly target: string };
export type Allowed = { readonly isAllowed: true };
/** `bytes` of a regular file, no more than its size when it was looked at. */
export type FileContent = { readonly stat: FileStat; readonly bytes: Buffer | undefined };

/** Of a larger file the size is asked first. */
const FIRST_BYTES = 65_536;

export function createFileCalls(threads: Threads, createList: CreateFileList): FileCalls {
  const { define } = createLooks(threads, createList);
  const stat = define('stat', (list) => list.stat());
  const lstat = define('lstat', (list) => list.stat());
  const readlink = define('readlink', (list, length) => ({ target: list.content(length).toString() }));
  const realpath = define('realpath', (list, length) => ({ target: list.content(length).toString() }));
  const access = define('access', (): Allowed => ({ isAllowed: true }));
  const read = define('read', (list, length): FileContent => {
    const status = list.stat();
    const bytes = Buffer.from(list.content(Math.min(length, status.bytes)));
    return { stat: status, bytes: isRegular(status) ? bytes : undefined };
  });

  return {
    stat: (path, follow, onAnswer) => (follow ? stat : lstat)(path, 0, 0, onAnswer),
    readlink: (path, onAnswer) => readlink(path, 0, MAX_PATH_BYTES, onAnswer),
    realpath: (path, onAnswer) => realpath(path, 0, MAX_PATH_BYTES, onAnswer),
    access: (path, mode, onAnswer) => access(path, mode, 0, onAnswer),
    readRegular(path, maximumBytes, follow, onAnswer) {
      const option = follow ? FOLLOW : NO_FOLLOW;
      read(path, option, FIRST_BYTES, (answer) => {
        if ('error' in answer || answer.bytes === undefined) return onAnswer(answer);
        const bytes = Math.min(answer.stat.bytes, maximumBytes);
        if (bytes > FIRST_BYTES) return read(path, option, bytes, onAnswer);
        onAnswer({ ...answer, bytes: answer.bytes.subarray(0, bytes) });
      });
    },
  };
}
