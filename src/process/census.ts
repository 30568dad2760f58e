// All processes of the machine and the rules that they fit, kept from look to look: read anew is only what may have
// changed (SPEC 3, the full check). Which of several matches is the one that is meant: find.ts.
import type { ProcTable } from '../system/types.ts';
import { candidateOf } from './candidate.ts';
import { type Extent, readingOf } from './extent.ts';
import { createFitting, type Fitting } from './fitting.ts';
import { createKnown, KERNEL_THREAD, MATCHED, NAMED, OPAQUE, READ, UNSETTLED } from './known.ts';
import { createLineHashes, hashLine } from './line-hashes.ts';
import { type MatchRule, matches } from './matcher.ts';
import type { ProcessReader } from './reader.ts';
import { createRuleIndex, hashExecutable } from './rule-index.ts';
import { createStatFields, hasLeader, isKernelThread, isRunning } from './stat-fields.ts';
import { type Match, TICKS_PER_SECOND } from './types.ts';

export type Census = {
  /** The rules by their keys, from the next look on; all that is known is compared with a rule that is new. */
  setRules(rules: ReadonlyMap<number, MatchRule>): void;
  look(extent: Extent): void;
  /** What fits the rule, as of now, in ascending order of pid. */
  matchesOf(key: number): Match[];
};

/** A process may exec, or write its own command line anew, shortly after it was started. */
const YOUNG_TICKS = 10 * TICKS_PER_SECOND;
/** Held processes whose command lines are read at one full check, in turn: a read that can wait for the process's own lock. */
const LINES_A_TURN = 100;
/** A process that has no rule's name and no exec behind it is only asked every fourth time whether it has given itself one. */
const RELUCTANCE = 4;
const PATH_BYTES = 4096;

/** `turns`: full checks until all of them together have read everything. */
export function createCensus(proc: ProcTable, reader: ProcessReader, turns: () => number): Census {
  const known = createKnown();
  const fitting: Fitting = createFitting();
  const fields = createStatFields();
  const hashes = createLineHashes();
  const path = Buffer.alloc(PATH_BYTES);
  let rules: ReadonlyMap<number, MatchRule> = new Map();
  let index = createRuleIndex(rules);
  let hasNewRules = false;
  let looks = 0;
  let turn = 0;
  let isWrapped = false;
  /** The place, among the processes that fit, of the first and the next whose command line is read at this full check. */
  let [linesFrom, line] = [0, 0];

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

  /** Reads stat, and the rest where it may have changed or is asked for. */
  function readRow(row: number, isWhole: boolean): void {
    const { pids, marks, startTicks, images } = known.table;
    const pid = pids[row] ?? 0;
    if (!reader.statFields(pid, fields)) {
      fitting.drop(pid);
      marks[row] = READ;
      startTicks[row] = 0;
      return;
    }
    const mark = marks[row] ?? 0;
    const isSame = startTicks[row] === fields.startTicks && images[row] === fields.image;
    if (isKernelThread(fields) || !isRunning(fields)) {
      fitting.drop(pid);
      marks[row] = READ | (isKernelThread(fields) ? KERNEL_THREAD : 0);
    } else if (isWhole || !isSame || mark & OPAQUE || (mark & READ) === 0) {
      readLine(row, pid, isSame);
    } else {
      fitting.seen(pid, fields, looks);
    }
    startTicks[row] = fields.startTicks;
    images[row] = fields.image;
  }

  function readLine(row: number, pid: number, isSame: boolean): void {
    const { lines, marks } = known.table;
    const mark = marks[row] ?? 0;
    const isLed = hasLeader(fields);
    const bytes = reader.commandLineBytes(pid, isLed);
    if (bytes !== undefined) hashLine(bytes, hashes);
    const hash = bytes === undefined ? 0 : hashes.whole;
    if (isSame && lines[row] === hash && mark & READ && !(mark & UNSETTLED) && !hasNewRules) {
      fitting.seen(pid, fields, looks);
      return;
    }
    const keys = index.candidates(fields.commHash, bytes && hashes, executableOf(pid, isLed));
    const candidate = keys.length === 0 ? undefined : candidateOf(reader, pid, fields, bytes);
    const fits = candidate === undefined ? [] : keys.filter((key) => fitsRule(key, candidate));
    fitting.put(pid, fits, fields, looks);
    lines[row] = hash;
    marks[row] =
      READ |
      (fits.length > 0 ? MATCHED : 0) |
      (keys.length > 0 ? NAMED : 0) |
      (fields.startStack === 0 ? OPAQUE : 0) |
      (keys.some((key) => rules.get(key)?.uid !== undefined) ? UNSETTLED : 0);
  }

  function fitsRule(key: number, candidate: NonNullable<ReturnType<typeof candidateOf>>): boolean {
    const rule = rules.get(key);
    return rule !== undefined && matches(rule, candidate);
  }

  function executableOf(pid: number, isLed: boolean): number | undefined {
    if (!index.hasPaths) return undefined;
    const length = isLed ? proc.readExe(pid, path) : path.write(reader.exe(pid, false) ?? '') || -1;
    return length < 0 ? undefined : hashExecutable(path, length);
  }

  return {
    setRules(next) {
      const isSame = next.size === rules.size && [...next].every(([key, rule]) => rules.get(key) === rule);
      if (isSame) return;
      hasNewRules ||= [...next].some(([key, rule]) => rules.get(key) !== rule);
      for (const key of rules.keys()) if (!next.has(key)) fitting.forget(key);
      rules = next;
      index = createRuleIndex(rules);
    },
    look(asked) {
      known.update(proc.pids(), (row) => fitting.drop(known.table.pids[row] ?? 0));
      isWrapped ||= proc.wrapped();
      const extent = hasNewRules || isWrapped ? 'all' : asked;
      looks += 1;
      if (asked === 'turn') turn += 1;
      const youngFrom = proc.uptimeSeconds() * TICKS_PER_SECOND - YOUNG_TICKS;
      const divisor = turns();
      line = 0;
      for (let row = 0; row < known.table.count; row++) lookAtRow(row, extent, youngFrom, divisor);
      if (extent === 'turn') linesFrom = (linesFrom + LINES_A_TURN) % Math.max(fitting.count(), 1);
      hasNewRules = false;
      isWrapped = false;
    },
    matchesOf(key) {
      for (const pid of fitting.unseen(key, looks)) readRow(known.rowOf(pid), false);
      return fitting.of(key);
    },
  };
}
