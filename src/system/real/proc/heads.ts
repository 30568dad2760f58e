// Beginnings of command lines, read in batches. A process whose memory map is locked keeps its batch's thread; the
// others of the batch are read in another one.

import { createRoom } from '../libc/room.ts';
import type { SystemCalls } from '../libc/system-calls.ts';
import { tell } from '../libc/tell.ts';
import type { Threads } from '../libc/threads.ts';
import type { Hanging } from './hanging.ts';
import { createHeadList, type HeadList, MAX_HEADS } from './head-list.ts';
import { isAboutTheProcess } from './proc.ts';
import type { PutProcessPath } from './process-path.ts';

export type Heads = {
  readHead(pid: number, task: number | undefined, onAnswer: OnHead): void;
  flush(): void;
};

type OnHead = (bytes: Buffer | undefined) => void;
type Request = { readonly pid: number; readonly task: number | undefined; readonly onAnswer: OnHead };

type Batch = {
  readonly heads: HeadList;
  requests: Request[];
  /** So many of them have been answered, and had been at the last look. */
  answered: number;
  seen: number;
};

const BATCHES_AT_ONCE = 2;
/** Lists that are kept for the next batches. */
const FREE_LISTS = 4;
/** A batch that comes no further from one look to the next hangs. */
const LOOK_MILLISECONDS = 50;
const AGAIN_MILLISECONDS = 100;

export function createHeads(
  threads: Threads,
  calls: SystemCalls,
  putPath: PutProcessPath,
  hanging: Hanging,
): Heads {
  const room = createRoom(BATCHES_AT_ONCE);
  const free: HeadList[] = [];
  /** In progress, but for those that hang. */
  const batches = new Set<Batch>();
  let queue: Request[] = [];
  let looking: NodeJS.Timeout | undefined;
  let isPutOff = false;

  function ask(request: Request): void {
    if (hanging.has(request.pid)) hanging.wait(request.pid, () => putOff([request]));
    else queue.push(request);
  }

  function begin(): void {
    while (!isPutOff && queue.length > 0 && batches.size < room.size()) {
      // In smaller ones where others hang.
      const share = Math.ceil(queue.length / (room.size() - batches.size));
      const count = room.size() === BATCHES_AT_ONCE ? MAX_HEADS : Math.min(share, MAX_HEADS);
      beginBatch(queue.splice(0, count));
    }
    if (batches.size > 0) looking ??= setInterval(look, LOOK_MILLISECONDS);
    else {
      clearInterval(looking);
      looking = undefined;
    }
  }

  function beginBatch(requests: Request[]): void {
    const heads = free.pop() ?? createHeadList(threads, calls, putPath);
    for (let index = 0; index < requests.length; index++) {
      const request = requests[index];
      if (request !== undefined) heads.setProcess(index, request.pid, request.task);
    }
    heads.endAfter(requests.length - 1);
    const batch = { heads, requests, answered: 0, seen: -1 };
    if (threads.run(heads.list, () => end(batch)) === undefined) batches.add(batch);
    else {
      // No thread can be had.
      free.push(heads);
      putOff(requests);
    }
  }

  function putOff(requests: readonly Request[]): void {
    queue = [...requests, ...queue];
    if (isPutOff) return;
    isPutOff = true;
    setTimeout(() => {
      isPutOff = false;
      begin();
    }, AGAIN_MILLISECONDS);
  }

  function end(batch: Batch): void {
    answer(batch);
    if (free.length < FREE_LISTS) free.push(batch.heads);
    // One that hung counts no more.
    if (!batches.delete(batch)) for (const { pid } of batch.requests.slice(-1)) hanging.end(pid);
    begin();
  }

  function answer(batch: Batch): void {
    const { heads, requests } = batch;
    while (batch.answered < requests.length) {
      const index = batch.answered;
      const length = heads.answer(index);
      const request = requests[index];
      if (length === undefined || request === undefined) return;
      batch.answered += 1;
      if (length >= 0) tell(request.onAnswer, heads.bytes(index, length));
      else if (isAboutTheProcess(-length)) tell(request.onAnswer, undefined);
      // ENOMEM, ENFILE, EMFILE: that says nothing of the process.
      else putOff([request]);
    }
  }

  function look(): void {
    for (const batch of batches) {
      answer(batch);
      if (batch.answered < batch.requests.length && batch.answered === batch.seen) cut(batch);
      batch.seen = batch.answered;
    }
    begin();
  }

  /** It ends behind the process that it hangs at, which it keeps. */
  function cut(batch: Batch): void {
    const { heads, requests, answered } = batch;
    heads.endAfter(answered);
    batch.requests = requests.slice(0, answered + 1);
    batches.delete(batch);
    room.foundHanging();
    queue = [...requests.slice(answered + 1), ...queue];
    const { pid = 0 } = requests[answered] ?? {};
    hanging.begin(pid);
    // It may just have gone on, and be at one behind it: that one is read by another batch as well.
    answer(batch);
    if (batch.answered > answered) hanging.end(pid);
  }

  return {
    readHead(pid, task, onAnswer) {
      ask({ pid, task, onAnswer });
      if (queue.length >= MAX_HEADS) begin();
    },
    flush: begin,
  };
}
