// All processes of the machine and the rules that they fit, kept from look to look: read anew is only what may have
// changed (SPEC 3, the full check). Which of several matches is the one that is meant: find.ts.
import type { ProcTable } from '../system/types.ts';
import { type Extent, readingOf } from './extent.ts';
import { createFitting } from './fitting.ts';
import { createKnown, READ } from './known.ts';
import type { MatchRule } from './matcher.ts';
import type { ProcessReader } from './reader.ts';
import { createRows } from './rows.ts';
import { type Match, TICKS_PER_SECOND } from './types.ts';

export type Census = {
  /** The rules by their keys, from the next look on; all that is known is compared with a rule that is new. */
  setRules(rules: ReadonlyMap<number, MatchRule>): void;
  /** `youngSeconds`: whoever is younger may have become another program since it was read. */
  look(extent: Extent, youngSeconds: number): void;
  /** What fits the rule, as of now, in ascending order of pid; `isSure`: also by the command line as it is now. */
  matchesOf(key: number, isSure: boolean): Match[];
};

/** Held processes whose command lines are read at one full check, in turn: a read that can wait for the process's own lock. */
const LINES_A_TURN = 100;
/** A process that has no rule's name and no exec behind it is only asked every fourth time whether it has given itself one. */
const RELUCTANCE = 4;

/** So many pids are asked for one by one; the kernel lists thousands in the same time. */
const PROBES_MAXIMUM = 64;

/** `turns`: full checks until all of them together have read everything. */
export function createCensus(proc: ProcTable, reader: ProcessReader, turns: () => number): Census {
  const known = createKnown();
  const fitting = createFitting();
  const rows = createRows(proc, reader, known, fitting);
  const readRow = (row: number, isWhole: boolean) => rows.read(row, isWhole, looks);
  let looks = 0;
  let turn = 0;
  let isWrapped = false;
  let newestKnown = Number.NEGATIVE_INFINITY;
  /** The place, among the processes that fit, of the first and the next whose command line is read at this full check. */
  let [linesFrom, line] = [0, 0];

  /** Who has come since is asked for one by one, where that is cheaper than the list of all. Who has gone stays until the next list. */
  function probe(newest: number): void {
    for (let pid = newestKnown + 1; pid <= newest; pid++) if (reader.isProcess(pid)) known.insert(pid);
  }

  /** Most have been read and are old: they are passed over as fast as can be. */
  function readNew(youngFrom: number): void {
    const { pids, marks, startTicks, count } = known.table;
    for (let row = 0; row < count; row++) {
      const mark = marks[row] ?? 0;
      if ((mark & READ) !== 0 && (startTicks[row] ?? 0) < youngFrom) continue;
      if (pids[row] === proc.ownPid) continue;
      const reading = readingOf(mark, 'new', true, false);
      if (reading !== 'nothing') readRow(row, reading === 'whole');
    }
  }

  function readTurn(extent: Extent, youngFrom: number): void {
    const divisor = turns();
    line = 0;
    for (let row = 0; row < known.table.count; row++) lookAtRow(row, extent, youngFrom, divisor);
    if (extent === 'turn') linesFrom = (linesFrom + LINES_A_TURN) % Math.max(fitting.count(), 1);
  }

  function lookAtRow(row: number, extent: Extent, youngFrom: number, divisor: number): void {
    const { pids, marks, startTicks } = known.table;
    const pid = pids[row] ?? 0;
    if (pid === proc.ownPid) return;
    const isYoung = (startTicks[row] ?? 0) >= youngFrom;
    const reading = readingOf(marks[row] ?? 0, extent, isYoung, (pid + turn) % divisor === 0);
    switch (reading) {
      case 'nothing':
        break;
      case 'stat':
        readRow(row, false);
        break;
      case 'held':
        readRow(row, isLineDue());
        break;
      case 'reluctant':
        readRow(row, (Math.floor(pid / divisor) + turn) % RELUCTANCE === 0);
        break;
      case 'whole':
        readRow(row, true);
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
    setRules: rows.setRules,
    look(asked, youngSeconds) {
      const newest = proc.newestPid();
      isWrapped ||= newest < newestKnown;
      const extent = rows.hasNewRules() || isWrapped ? 'all' : asked;
      if (extent === 'new' && newest - newestKnown <= PROBES_MAXIMUM) probe(newest);
      else known.update(proc.pids(), (row) => fitting.drop(known.table.pids[row] ?? 0));
      known.renew(newestKnown, newest);
      newestKnown = newest;
      looks += 1;
      if (asked === 'turn') turn += 1;
      const youngFrom = (proc.uptimeSeconds() - youngSeconds) * TICKS_PER_SECOND;
      if (extent === 'new') readNew(youngFrom);
      else readTurn(extent, youngFrom);
      rows.compared();
      isWrapped = false;
    },
    matchesOf(key, isSure) {
      const pids = isSure ? fitting.of(key).map(({ pid }) => pid) : fitting.unseen(key, looks);
      for (const pid of pids) readRow(known.rowOf(pid), isSure);
      return fitting.of(key);
    },
  };
}
