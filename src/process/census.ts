// All processes of the machine and the rules that they fit, kept from look to look: read anew is only what may have
// changed (SPEC 3, the full check). Which of several matches is the one that is meant: find.ts.
import type { ProcTable } from '../system/types.ts';
import { createComers } from './comers.ts';
import type { Extent } from './extent.ts';
import { createFitting } from './fitting.ts';
import { createKnown, READ } from './known.ts';
import type { ProcessReader } from './reader.ts';
import { createRecent } from './recent.ts';
import { createRound } from './round.ts';
import { createRows, type KeyedRule } from './rows.ts';
import { type Match, TICKS_PER_SECOND } from './types.ts';

export type Census = {
  /** The rules from the next look on; all that is known is compared with a rule that is new. */
  setRules(keyed: readonly KeyedRule[]): void;
  /** `youngSeconds`: whoever is younger may have become another program since it was read. Seconds since the boot, as of this look. */
  look(extent: Extent, youngSeconds: number): number;
  /** What fits the rule, as of now, in ascending order of pid; `isSure`: also by the command line as it is now. */
  matchesOf(key: number, isSure: boolean): readonly Match[];
};

/** So many pids are asked for one by one; the kernel lists thousands in the same time. A list is due once a minute all the same. */
const PROBES_MAXIMUM = 64;
/** No look asks for younger ones than these. */
const RECENT_SECONDS = 60;

/** `turns`: full checks until all of them together have read everything. */
export function createCensus(proc: ProcTable, reader: ProcessReader, turns: () => number): Census {
  const known = createKnown();
  const fitting = createFitting();
  const rows = createRows(proc, reader, known, fitting);
  const round = createRound(proc, known, fitting, rows, turns);
  let looks = 0;
  /** Pids have begun again, a rule is new, or the last look broke off. */
  let isAllDue = false;
  const recent = createRecent();
  const comers = createComers();
  let newestKnown = Number.NEGATIVE_INFINITY;

  /** Who has come since is asked for one by one, where that is cheaper than the list of all. Who has gone stays until the next list. */
  function probe(newest: number, uptimeSeconds: number): void {
    for (const pid of comers.since(newestKnown, newest, uptimeSeconds)) {
      // Most that were given have gone since, which one call tells.
      const row = pid !== proc.ownPid && proc.isThere(pid) ? rows.readNew(pid, looks) : -1;
      if (row < 0) continue;
      comers.come(pid);
      remember(row, Number.NEGATIVE_INFINITY);
    }
  }

  function readRecent(youngFrom: number): void {
    for (const pid of recent.since(youngFrom)) {
      const row = known.rowOf(pid);
      if (row < 0) continue;
      const wasRead = isRead(row);
      round.read(row, 'new', youngFrom, looks);
      if (isRead(row) !== wasRead) remember(row, Number.NEGATIVE_INFINITY);
    }
  }

  /** For the quick looks until the next list. */
  function remember(row: number, from: number): void {
    const { pids, startTicks } = known.table;
    const pid = pids[row] ?? 0;
    if (!isRead(row)) recent.addUnread(pid);
    else if ((startTicks[row] ?? 0) >= from) recent.addRead(pid, startTicks[row] ?? 0);
  }

  function isRead(row: number): boolean {
    return ((known.table.marks[row] ?? 0) & READ) !== 0;
  }

  function readAll(extent: Extent, youngFrom: number, recentFrom: number): void {
    recent.clear();
    round.readAll(extent, youngFrom, recentFrom, looks, (row) => remember(row, recentFrom));
  }

  return {
    setRules: rows.setRules,
    look(asked, youngSeconds) {
      const newest = proc.newestPid();
      isAllDue ||= newest < newestKnown || rows.hasNewRules();
      const extent = isAllDue ? 'all' : asked;
      const isRoundOver = asked === 'turn' && round.advance();
      const isListDue = extent === 'all' || isRoundOver;
      const isListed = isListDue || newest - newestKnown > PROBES_MAXIMUM;
      const isQuick = extent === 'new' && !isListed;
      isAllDue ||= !isQuick;
      if (isListed) known.update(proc.pids(), (row) => fitting.drop(known.table.pids[row] ?? 0));
      known.renew(newestKnown, newest);
      looks += 1;
      const uptimeSeconds = proc.uptimeSeconds();
      const youngFrom = (uptimeSeconds - youngSeconds) * TICKS_PER_SECOND;
      if (isQuick) readRecent(youngFrom);
      else readAll(extent, youngFrom, (uptimeSeconds - RECENT_SECONDS) * TICKS_PER_SECOND);
      if (!isListed) probe(newest, uptimeSeconds);
      newestKnown = newest;
      rows.compared();
      isAllDue = false;
      return uptimeSeconds;
    },
    matchesOf(key, isSure) {
      const pids = isSure ? fitting.of(key).map(({ pid }) => pid) : fitting.unseen(key, looks);
      for (const pid of pids) rows.read(known.rowOf(pid), isSure, looks);
      return fitting.of(key);
    },
  };
}
