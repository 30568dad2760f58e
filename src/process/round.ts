// Full checks share among themselves the processes that nobody asks for just now: all have been read again when a
// round of them is over. How much of a process is read at its turn: extent.ts.
import type { ProcTable } from '../system/types.ts';
import { type Extent, readingOf } from './extent.ts';
import type { Fitting } from './fitting.ts';
import { type KnownProcesses, MATCHED, READ } from './known.ts';
import type { Rows } from './rows.ts';

export type Round = {
  /** The next full check; whether it is the last of its round. */
  advance(): boolean;
  /** As far as the extent asks for it; who began at `youngFrom` (ticks) or later is young. `look` is the number of the look. */
  read(row: number, extent: Extent, youngFrom: number, look: number): void;
  /** All rows; `onRead` is told those that were read, those that began at `recentFrom` or later and those that fit. */
  readAll(
    extent: Extent,
    youngFrom: number,
    recentFrom: number,
    look: number,
    onRead: (row: number) => void,
  ): void;
};

/** Held processes whose command lines are read at one full check, in turn: a read that can wait for the process's own lock. */
const LINES_A_TURN = 100;
/** A process that has no rule's name and no exec behind it is only asked every eighth time whether it has given itself one. */
const RELUCTANCE = 8;

/** `turns`: full checks of one round. */
export function createRound(
  proc: ProcTable,
  known: KnownProcesses,
  fitting: Fitting,
  rows: Rows,
  turns: () => number,
): Round {
  let turn = 0;
  let divisor = turns();
  /** The place, among the processes that fit, of the first and the next whose command line is read at this full check. */
  let linesFrom = 0;
  let line = 0;

  function isTurnOf(pid: number): boolean {
    return (pid + turn) % divisor === 0;
  }

  function read(row: number, extent: Extent, youngFrom: number, look: number): void {
    const { pids, marks, startTicks } = known.table;
    const pid = pids[row] ?? 0;
    if (pid === proc.ownPid) return;
    const isYoung = (startTicks[row] ?? 0) >= youngFrom;
    const reading = readingOf(marks[row] ?? 0, extent, isYoung, isTurnOf(pid));
    switch (reading) {
      case 'nothing':
        break;
      case 'stat':
        rows.read(row, false, look);
        break;
      case 'held':
        rows.readIfExecuted(row, isLineDue(), look);
        break;
      case 'reluctant':
        // At its turn this is the number of its round.
        rows.readIfExecuted(row, ((pid + turn) / divisor) % RELUCTANCE === 0, look);
        break;
      case 'whole':
        rows.read(row, true, look);
        break;
      default:
        reading satisfies never;
    }
  }

  function isLineDue(): boolean {
    const count = fitting.count();
    line += 1;
    return (line - linesFrom + count) % Math.max(count, 1) < LINES_A_TURN;
  }

  return {
    advance() {
      turn += 1;
      divisor = turns();
      return turn % divisor === 0;
    },
    read,
    readAll(extent, youngFrom, recentFrom, look, onRead) {
      line = 0;
      const { count, pids, marks, startTicks } = known.table;
      for (let row = 0; row < count; row++) {
        // Most are old and fit nothing: not even a call is made for them.
        const isSettled =
          ((marks[row] ?? 0) & (READ | MATCHED)) === READ && (startTicks[row] ?? 0) < recentFrom;
        if (isSettled && extent === 'turn' && !isTurnOf(pids[row] ?? 0)) continue;
        read(row, extent, youngFrom, look);
        onRead(row);
      }
      if (extent === 'turn') linesFrom = (linesFrom + LINES_A_TURN) % Math.max(fitting.count(), 1);
    },
  };
}
