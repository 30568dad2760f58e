// Makes a few calls in a thread and hands on what they say: for files whose disk, or the server behind it, may hang.
import type { CallList } from './call-list.ts';
import { errnoName } from './koffi.ts';
import type { SystemCalls } from './system-calls.ts';
import type { Threads } from './threads.ts';

export type ThreadCalls = { readonly threads: Threads; readonly systemCalls: SystemCalls };

export type Failed = { readonly error: string };

/**
 * `build` adds the calls to the list and hands back how their results are read. `onEnd` comes later, once, however late:
 * who cannot wait for it has a deadline of its own.
 */
export function inThread<T>(
  threads: Threads,
  listBytes: number,
  build: (list: CallList) => () => T | Failed,
  onEnd: (result: T | Failed) => void,
): void {
  const list = threads.newList(listBytes);
  const read = build(list);
  list.seal();
  const error = threads.run(list, () => onEnd(read()));
  if (error !== undefined) setImmediate(onEnd, { error });
}

/** The code of a system call's negative result. */
export function codeOf(result: number): string {
  return errnoName(-result);
}
