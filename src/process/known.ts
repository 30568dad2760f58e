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
  /** The hash of the auxiliary vector (vector.ts); 0 when it was not read. */
  readonly vectors: Int32Array;
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
  /** Whoever has a pid above `after` and up to `last` is new, also where it was known before. */
  renew(after: number, last: number): void;
  /** One more, which is new unless it is there; its row. */
  insert(pid: number): number;
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
      let [old, row] = [0, 0];
      while (row < pids.length) {
        const pid = pids[row] ?? 0;
        for (; old < current.count && (current.pids[old] ?? 0) < pid; old++) onGone(old);
        // What has stayed is taken on in one piece.
        const [from, to] = [old, row];
        while (old < current.count && row < pids.length && current.pids[old] === pids[row]) {
          old++;
          row++;
        }
        if (old > from) copyRows(current, from, old, spare, to);
        else clearRow(spare, row++, pid);
      }
      for (; old < current.count; old++) onGone(old);
      spare.count = pids.length;
      [current, spare] = [spare, current];
    },
    renew(after, last) {
      current.marks.fill(0, rowAfter(current, after), rowAfter(current, last));
    },
    insert(pid) {
      if (current.count === current.pids.length) {
        const larger = newTable(current.count * 2);
        copyRows(current, 0, current.count, larger, 0);
        larger.count = current.count;
        current = larger;
      }
      const row = rowAfter(current, pid);
      if (row > 0 && current.pids[row - 1] === pid) return row - 1;
      copyRows(current, row, current.count, current, row + 1);
      clearRow(current, row, pid);
      current.count += 1;
      return row;
    },
    rowOf(pid) {
      const row = rowAfter(current, pid) - 1;
      return row >= 0 && current.pids[row] === pid ? row : -1;
    },
  };
}

type Table = Known & { count: number };

/** The row of the first pid that is larger. */
function rowAfter({ count, pids }: Table, pid: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pids[middle] ?? 0) <= pid) low = middle + 1;
    else high = middle;
  }
  return low;
}

function copyRows(from: Table, first: number, end: number, into: Table, at: number): void {
  into.pids.set(from.pids.subarray(first, end), at);
  into.startTicks.set(from.startTicks.subarray(first, end), at);
  into.images.set(from.images.subarray(first, end), at);
  into.lines.set(from.lines.subarray(first, end), at);
  into.vectors.set(from.vectors.subarray(first, end), at);
  into.marks.set(from.marks.subarray(first, end), at);
}

function clearRow(table: Table, row: number, pid: number): void {
  table.pids[row] = pid;
  table.startTicks[row] = 0;
  table.images[row] = 0;
  table.lines[row] = 0;
  table.vectors[row] = 0;
  table.marks[row] = 0;
}

function newTable(rows: number): Table {
  return {
    count: 0,
    pids: new Int32Array(rows),
    startTicks: new Float64Array(rows),
    images: new Int32Array(rows),
    lines: new Int32Array(rows),
    vectors: new Int32Array(rows),
    marks: new Uint8Array(rows),
  };
}
