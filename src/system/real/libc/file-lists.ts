// Call lists that look at one file: what it is, where a path leads, what it holds. A child makes the calls, so that
// nothing of pcheck waits for a file system that hangs, not even its end.
import { constants } from 'node:fs';
import type { Area, CallList, Label, PlacedCall } from './call-list.ts';
import { type FileStat, MODE_TYPE_OFFSET, readStatx, STATX_BASIC_STATS, STATX_BYTES } from './file-stat.ts';
import type { AddInChild } from './in-child.ts';
import type { Libc } from './koffi.ts';
import { AT_FDCWD, O_CLOEXEC, type SystemCalls } from './system-calls.ts';
import type { ThreadList, Threads } from './threads.ts';

export type Question = 'stat' | 'lstat' | 'readlink' | 'realpath' | 'access' | 'read';

export type FileList = {
  readonly question: Question;
  readonly list: ThreadList;
  /** How many bytes of a file it can read. */
  readonly capacity: number;
  /** `option`: the mode of access(2); whether a link is followed to what is read. */
  setPath(path: string, option: number): void;
  /** At the end: what the last call has answered, or a negative errno. */
  answer(): number;
  stat(): FileStat;
  /** What was read, as far as this; until the next `setPath`. */
  content(length: number): Buffer;
};

export type CreateFileList = (question: Question, capacity: number) => FileList;

/** PATH_MAX, with the NUL. */
export const MAX_PATH_BYTES = 4096;
export const [FOLLOW, NO_FOLLOW] = [0, constants.O_NOFOLLOW];

const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;
const O_PATH = 0o10000000;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
/** A child has nothing open: what it opens first is 0, then 1. */
const FIRST_DESCRIPTOR = '/proc/self/fd/0';
/** The upper byte of the mode of a regular file, whatever its other bits. */
const REGULAR_TYPES = Buffer.from(Array.from({ length: 16 }, (_, bits) => 0x80 | bits));
const CALLS_BYTES = 4096;

type Parts = {
  readonly list: CallList;
  readonly path: number;
  readonly status: Area;
  readonly content: Area;
  /** Not to be told of a file that there is: an error of its own. */
  readonly doubt: Area;
  readonly results: readonly [number];
  readonly exit: Label;
};

/** Adds the calls; where there is an option, the call that has it, and the argument. */
type AddQuestion = (parts: Parts) => readonly [PlacedCall, number] | undefined;

export function prepareFileLists(
  libc: Libc,
  threads: Threads,
  calls: SystemCalls,
  addInChild: AddInChild,
): CreateFileList {
  const [memcpy, memchr] = [Number(libc.symbol('memcpy', 'void')), Number(libc.symbol('memchr', 'void'))];

  function addStat(flags: number): AddQuestion {
    return ({ list, path, status, results }) => {
      const given = [AT_FDCWD, path, flags, STATX_BASIC_STATS, status.address];
      list.add({ system: calls.statx, arguments: given, results });
      return undefined;
    };
  }

  const addQuestion: Readonly<Record<Question, AddQuestion>> = {
    stat: addStat(0),
    lstat: addStat(AT_SYMLINK_NOFOLLOW),
    readlink({ list, path, content, results }) {
      const given = [AT_FDCWD, path, content.address, MAX_PATH_BYTES];
      list.add({ system: calls.readlinkat, arguments: given, results });
      return undefined;
    },
    realpath({ list, path, content, status, results, doubt, exit }) {
      const open = [AT_FDCWD, path, O_PATH | O_CLOEXEC];
      list.add({ system: calls.openat, arguments: open, results, below: exit });
      const link = [AT_FDCWD, list.text(FIRST_DESCRIPTOR), content.address, MAX_PATH_BYTES - 1];
      list.add({ system: calls.readlinkat, arguments: link, results, below: exit });
      // Of one that was removed meanwhile the kernel adds “(deleted)”: there is no such path.
      const check = [AT_FDCWD, content.address, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, status.address];
      list.add({ system: calls.statx, arguments: check, results: [doubt.address] });
      return undefined;
    },
    access({ list, path, results }) {
      return [list.add({ system: calls.faccessat, arguments: [AT_FDCWD, path], results }), 2];
    },
    read({ list, path, content, status, results, exit }) {
      // Looked at before it is opened: to open a device can do something already.
      const look = list.add({ system: calls.openat, arguments: [AT_FDCWD, path], results, below: exit });
      const stat = [0, list.text(''), AT_EMPTY_PATH, STATX_BASIC_STATS, status.address];
      list.add({ system: calls.statx, arguments: stat, results, below: exit });
      const types = list.area(REGULAR_TYPES.length);
      REGULAR_TYPES.copy(types.bytes);
      const type = list.add({ function: memcpy, arguments: [0, status.address + MODE_TYPE_OFFSET, 1] });
      const isRegular = list.add({
        function: memchr,
        arguments: [types.address, 0, REGULAR_TYPES.length],
        zero: exit,
      });
      type.setArgument(0, isRegular.argument(1));
      const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
      const open = [AT_FDCWD, list.text(FIRST_DESCRIPTOR), flags];
      list.add({ system: calls.openat, arguments: open, results, below: exit });
      list.add({ system: calls.read, arguments: [1, content.address, content.bytes.length], results });
      return [look, 2];
    },
  };

  return (question, capacity) => {
    const list = threads.newList(CALLS_BYTES + MAX_PATH_BYTES + STATX_BYTES + capacity);
    const [path, status, content] = [list.area(MAX_PATH_BYTES), list.area(STATX_BYTES), list.area(capacity)];
    const [answer, doubt] = [list.area(8), list.area(8)];
    let option: ReturnType<AddQuestion>;
    const child = addInChild(list, (exit) => {
      const results: Parts['results'] = [answer.address];
      option = addQuestion[question]({ list, path: path.address, status, content, doubt, results, exit });
    });
    list.seal();
    return {
      question,
      list,
      capacity,
      setPath(text, given) {
        path.bytes[path.bytes.write(text)] = 0;
        option?.[0].setArgument(option[1], question === 'read' ? given | O_PATH | O_CLOEXEC : given);
        doubt.setNumber(0);
        // The kernel puts no NUL behind a path.
        if (question === 'realpath') content.bytes.fill(0);
        child.prepare();
      },
      answer: () => child.error() || Math.min(doubt.number(), 0) || answer.number(),
      stat: () => readStatx(status.bytes),
      content: (length) => content.bytes.subarray(0, length),
    };
  };
}
