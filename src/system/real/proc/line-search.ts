// Searches whole command lines, each in a thread of its own: one that hangs holds up no other.

import { prepareFarMemory } from '../libc/far-memory.ts';
import type { Libc } from '../libc/koffi.ts';
import { createLanes, type Task } from '../libc/lanes.ts';
import type { Threads } from '../libc/threads.ts';
import type { Hanging } from './hanging.ts';
import { isAboutTheProcess } from './proc.ts';
import { type CreateSearchList, MAX_LINE_BYTES, type SearchList } from './search-list.ts';

type OnFound = (found: readonly boolean[] | undefined) => void;
export type LineSearch = (
  pid: number,
  task: number | undefined,
  strings: readonly Buffer[],
  onAnswer: OnFound,
) => void;

type Request = {
  readonly pid: number;
  readonly task: number | undefined;
  readonly strings: readonly Buffer[];
  readonly onAnswer: OnFound;
};

const SEARCHES_AT_ONCE = 2;
/** Lists that are kept for the next searches. */
const FREE_LISTS = 4;
const AGAIN_MILLISECONDS = 100;

export function createLineSearch(
  libc: Libc,
  threads: Threads,
  createList: CreateSearchList,
  hanging: Hanging,
): LineSearch {
  const lanes = createLanes(SEARCHES_AT_ONCE);
  const takeMemory = prepareFarMemory(libc, MAX_LINE_BYTES);
  const free: SearchList[] = [];
  const freeMemory: number[] = [];

  /** One for these strings, or a new one; undefined where no memory is left. */
  function takeList(strings: Request['strings']): SearchList | undefined {
    const at = free.findIndex((list) => list.strings === strings);
    const known = at < 0 ? undefined : free.splice(at, 1)[0];
    if (known !== undefined) return known;
    const memory = freeMemory.pop() ?? takeMemory();
    return memory === undefined ? undefined : createList(strings, memory);
  }

  function release(list: SearchList): void {
    free.push(list);
    if (free.length > FREE_LISTS) freeMemory.push(...free.splice(0, 1).map(({ memory }) => memory));
  }

  function ask(request: Request): void {
    if (hanging.has(request.pid)) hanging.wait(request.pid, () => ask(request));
    else lanes.run(taskFor(request));
  }

  /** No thread or memory can be had just now, which says nothing of the process. */
  function askAgain(request: Request): void {
    setTimeout(ask, AGAIN_MILLISECONDS, request);
  }

  function taskFor(request: Request): Task {
    const { pid, task, strings, onAnswer } = request;
    let list: SearchList | undefined;

    function end(searched: SearchList): void {
      const length = searched.length() ?? 0;
      const found = length < 0 ? undefined : searched.found();
      release(searched);
      hanging.end(pid);
      if (length < 0 && !isAboutTheProcess(-length)) askAgain(request);
      else onAnswer(found);
    }

    return {
      begin(done) {
        const taken = takeList(strings);
        list = taken;
        taken?.setProcess(pid, task);
        const error =
          taken === undefined
            ? 'ENOMEM'
            : threads.run(taken.list, () => {
                done();
                end(taken);
              });
        if (error === undefined) return;
        if (taken !== undefined) release(taken);
        askAgain(request);
        done();
      },
      hangs: () => list?.length() === undefined,
      onHang: () => hanging.begin(pid),
    };
  }

  return (pid, task, strings, onAnswer) => ask({ pid, task, strings, onAnswer });
}
