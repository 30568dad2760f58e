// A call list that reads the beginnings of command lines, one process after the other; what has been read can be seen
// while it is at the next. Which processes, and what becomes of one that hangs: heads.ts.
import type { Area, PlacedCall } from '../libc/call-list.ts';
import { AT_FDCWD, O_CLOEXEC, type SystemCalls } from '../libc/system-calls.ts';
import type { ThreadList, Threads } from '../libc/threads.ts';
import { PATH_BYTES, type PutProcessPath } from './process-path.ts';

/** A longer line is seen as far as this. */
export const HEAD_BYTES = 4096;
export const MAX_HEADS = 64;

export type HeadList = {
  readonly list: ThreadList;
  setProcess(index: number, pid: number, task: number | undefined): void;
  /** Ends behind this process; also when the list is in progress, and has not come to its end. */
  endAfter(index: number): void;
  /** Bytes read, or a negative errno; undefined when it has not come to that. */
  answer(index: number): number | undefined;
  /** What was read, until the next `setProcess`. */
  bytes(index: number, length: number): Buffer;
};

type Item = {
  readonly path: Buffer;
  readonly open: PlacedCall;
  readonly read: PlacedCall;
  readonly close: PlacedCall;
  readonly answer: Area;
  readonly bytes: Buffer;
};

/** Beside its bytes, an item has three calls, its path and its answer. */
const ITEM_BYTES = HEAD_BYTES + 512;
const NO_ANSWER = -(2 ** 31);

export function createHeadList(threads: Threads, calls: SystemCalls, putPath: PutProcessPath): HeadList {
  const list = threads.newList(MAX_HEADS * ITEM_BYTES + 512);
  const begin = list.add({ system: calls.gettid });
  const finish = list.label();
  list.place(finish);
  list.seal();
  // Made when they are needed: a list whose first process hangs needs no more.
  const items: Item[] = [];
  let ends: number | undefined;

  function newItem(): Item {
    const [path, answer, head] = [list.area(PATH_BYTES), list.area(8), list.area(HEAD_BYTES)];
    const open = list.add({ system: calls.openat, arguments: [AT_FDCWD, path.address, O_CLOEXEC] });
    const read = list.add({
      system: calls.read,
      arguments: [0, head.address, HEAD_BYTES],
      results: [answer.address],
    });
    const close = list.add({ system: calls.close });
    // What cannot be opened is not read and not closed: a call that fails is simpler than a branch.
    open.setResults(read.argument(0), close.argument(0));
    (items.at(-1)?.close ?? begin).setNext(open.address);
    return { path: path.bytes, open, read, close, answer, bytes: head.bytes };
  }

  return {
    list,
    setProcess(index, pid, task) {
      if (index === items.length) items.push(newItem());
      const item = items[index];
      if (item === undefined) return;
      putPath(item.path, pid, task);
      item.answer.setNumber(NO_ANSWER);
    },
    endAfter(index) {
      const next = items[(ends ?? index) + 1];
      if (ends !== undefined && ends !== index && next !== undefined) {
        items[ends]?.close.setNext(next.open.address);
      }
      items[index]?.close.setNext(finish.address);
      ends = index;
    },
    answer(index) {
      const item = items[index];
      const answer = item?.answer.number() ?? NO_ANSWER;
      if (item === undefined || answer === NO_ANSWER) return undefined;
      const descriptor = item.read.argumentValue(0);
      return descriptor < 0 ? descriptor : answer;
    },
    bytes: (index, length) => items[index]?.bytes.subarray(0, length) ?? NOTHING,
  };
}

const NOTHING = Buffer.alloc(0);
