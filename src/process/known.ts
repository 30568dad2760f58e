// What is remembered of every process of the machine, as numbers in arrays that are used again and again: enough
// to see that nothing has changed since it was read. What is read when, and what it means: census.ts.

/** Rows in ascending order of pid; arrays may be longer than `count`. */
export type Known = {
  readonly count: number;
  readonly pids: Int32Array;
  readonly startTicks: Float64Array;
  /** The hash of what only an exec changes (stat.ts). */
  readonly images: Int32Array;
  /** The hash of the command line. */
  readonly lines: Int32Array;
  readonly marks: Uint8Array;
};

/** Its stat record was read. */
export const READ = 1;
export const KERNEL_THREAD = 2;
/** It fits a rule. */
export const MATCHED = 4;
/** It has the name of a rule, though the rest may not fit. */
export const NAMED = 8;
/** The kernel does not say where its program lies, so an exec cannot be seen in stat alone. */
export const OPAQUE = 16;
/** Whether it fits depends on what can change without an exec: its user. */
export const UNSETTLED = 32;

export type KnownProcesses = {
  readonly table: Known;
  /** Brings the rows in line with these pids, which ascend; new ones have no marks. */
  update(pids: Int32Array, onGone: (row: number) => void): void;
  /** The row of a pid, or -1. */
  rowOf(pid: number): number;
};

export function createKnown(): KnownProcesses {
  let [current, spare] = [newTable(1024), newTable(1024)];
  return {
    get table() {
      return current;
    },
    update(pids, onGone) {
      if (spare.pids.length < pids.length) spare = newTable(pids.length * 2);
      let old = 0;
      for (let row = 0; row < pids.length; row++) {
        const pid = pids[row] ?? 0;
        for (; old < current.count && (current.pids[old] ?? 0) < pid; old++) onGone(old);
        const isKnown = old < current.count && current.pids[old] === pid;
        spare.pids[row] = pid;
        spare.startTicks[row] = isKnown ? (current.startTicks[old] ?? 0) : 0;
        spare.images[row] = isKnown ? (current.images[old] ?? 0) : 0;
        spare.lines[row] = isKnown ? (current.lines[old] ?? 0) : 0;
        spare.marks[row] = isKnown ? (current.marks[old] ?? 0) : 0;
        if (isKnown) old++;
      }
      for (; old < current.count; old++) onGone(old);
      spare.count = pids.length;
      [current, spare] = [spare, current];
    },
    rowOf(pid) {
      let [low, high] = [0, current.count - 1];
      while (low <= high) {
        const middle = (low + high) >> 1;
        const found = current.pids[middle] ?? 0;
        if (found === pid) return middle;
        if (found < pid) low = middle + 1;
        else high = middle - 1;
      }
      return -1;
    },
  };
}

function newTable(rows: number): Known & { count: number } {
  return {
    count: 0,
    pids: new Int32Array(rows),
    startTicks: new Float64Array(rows),
    images: new Int32Array(rows),
    lines: new Int32Array(rows),
    marks: new Uint8Array(rows),
  };
}
