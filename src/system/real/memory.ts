// Memory that restarts, reloads and large looks have taken is given back: V8 keeps it for the next time, which in a
// monitor may never come. Called when nobody waits (after a full check); a collection takes some 10 ms.
import { getHeapStatistics } from 'node:v8';

const GROWN_BYTES = 2 * 1024 * 1024;
const APART_MILLISECONDS = 30_000;

/** `collect` is V8's own gc(), which `--expose-gc` in bin/pcheck gives; without it nothing is done. */
export function createMemory(
  collect: (() => unknown) | undefined = globalThis.gc,
  heapBytes: () => number = () => getHeapStatistics().total_heap_size,
): (monotonic: number) => void {
  let lowest: number | undefined;
  let nextAt: number | undefined;
  return (monotonic) => {
    // What the start took is given back with the first collection.
    nextAt ??= monotonic + APART_MILLISECONDS;
    if (collect === undefined || monotonic < nextAt) return;
    const bytes = heapBytes();
    if (lowest !== undefined && bytes < lowest + GROWN_BYTES) return;
    // The pages that the first one empties are given back with the second.
    collect();
    collect();
    lowest = heapBytes();
    nextAt = monotonic + APART_MILLISECONDS;
  };
}
