// Reads one known process again and brings in line with it what is remembered: numbers, and the rules that it fits.
// When that is due is decided in census.ts.
import type { ProcTable } from '../system/types.ts';
import { candidateOf } from './candidate.ts';
import type { Fitting } from './fitting.ts';
import { KERNEL_THREAD, type KnownProcesses, MATCHED, NAMED, OPAQUE, READ, UNSETTLED } from './known.ts';
import { createLineHashes, hashLine } from './line-hashes.ts';
import { type Candidate, type MatchRule, matches } from './matcher.ts';
import type { ProcessReader } from './reader.ts';
import { createRuleIndex, hashExecutable } from './rule-index.ts';
import { createStatFields, hasLeader, isKernelThread, isRunning } from './stat-fields.ts';
import { createVectorReader } from './vector.ts';

/** A rule and the key that it goes by. */
export type KeyedRule = {
  readonly key: number;
  readonly rule: MatchRule;
};

export type Rows = {
  setRules(keyed: readonly KeyedRule[]): void;
  /** Reads stat, and the rest where it may have changed or is asked for. `look` is the number of the look. */
  read(row: number, isWhole: boolean, look: number): void;
  /** The same, but nothing where it is the same program as before, by its auxiliary vector. */
  readIfExecuted(row: number, isWhole: boolean, look: number): void;
  /** What is known is compared with rules that are new. */
  hasNewRules(): boolean;
  /** Reads one that is not known, and knows it from then on; -1 when it is no process. */
  readNew(pid: number, look: number): number;
  /** It has been, all of it. */
  compared(): void;
};

const PATH_BYTES = 4096;

export function createRows(
  proc: ProcTable,
  reader: ProcessReader,
  known: KnownProcesses,
  fitting: Fitting,
): Rows {
  const fields = createStatFields();
  const hashes = createLineHashes();
  const path = Buffer.alloc(PATH_BYTES);
  const vectorOf = createVectorReader(proc);
  let rules: ReadonlyMap<number, MatchRule> = new Map();
  let ordered: readonly MatchRule[] = [];
  let index = createRuleIndex(rules);
  let hasNewRules = false;

  function read(row: number, isWhole: boolean, look: number): void {
    const { pids, marks, startTicks } = known.table;
    const pid = pids[row] ?? 0;
    if (!reader.statFields(pid, fields)) {
      fitting.drop(pid);
      marks[row] = READ;
      startTicks[row] = 0;
      return;
    }
    take(row, pid, isWhole, look);
  }

  /** What the fields say of it now. */
  function take(row: number, pid: number, isWhole: boolean, look: number): void {
    const { marks, startTicks, images } = known.table;
    const mark = marks[row] ?? 0;
    const isSame = startTicks[row] === fields.startTicks && images[row] === fields.image;
    if (isKernelThread(fields) || !isRunning(fields)) {
      fitting.drop(pid);
      marks[row] = READ | (isKernelThread(fields) ? KERNEL_THREAD : 0);
    } else if (isWhole || !isSame || mark & OPAQUE || (mark & READ) === 0) {
      readLine(row, pid, isSame, look);
    } else {
      fitting.seen(pid, fields, look);
    }
    startTicks[row] = fields.startTicks;
    images[row] = fields.image;
  }

  function readLine(row: number, pid: number, isSame: boolean, look: number): void {
    const { lines, marks } = known.table;
    const mark = marks[row] ?? 0;
    const isLed = hasLeader(fields);
    const bytes = reader.commandLineBytes(pid, isLed);
    if (bytes !== undefined) hashLine(bytes, hashes);
    const hash = bytes === undefined ? 0 : hashes.whole;
    if (isSame && lines[row] === hash && mark & READ && !(mark & UNSETTLED) && !hasNewRules) {
      fitting.seen(pid, fields, look);
      return;
    }
    const keys = index.candidates(fields.commHash, bytes && hashes, executableOf(pid, isLed));
    const candidate = keys.length === 0 ? undefined : candidateOf(reader, pid, fields, bytes);
    const fits = candidate === undefined ? [] : keys.filter((key) => fitsRule(key, candidate));
    fitting.put(pid, fits, fields, look);
    lines[row] = hash;
    // One that has a rule's name, but no command line that can be read just now, is read again at every look.
    marks[row] =
      (bytes === undefined && keys.length > 0 ? 0 : READ) |
      (fits.length > 0 ? MATCHED : 0) |
      (keys.length > 0 ? NAMED : 0) |
      (fields.startStack === 0 ? OPAQUE : 0) |
      (keys.some((key) => rules.get(key)?.uid !== undefined) ? UNSETTLED : 0);
  }

  function fitsRule(key: number, candidate: Candidate): boolean {
    const rule = rules.get(key);
    return rule !== undefined && matches(rule, candidate);
  }

  function executableOf(pid: number, isLed: boolean): number | undefined {
    if (!index.hasPaths) return undefined;
    const length = isLed ? proc.readExe(pid, path) : path.write(reader.exe(pid, false) ?? '') || -1;
    return length < 0 ? undefined : hashExecutable(path, length);
  }

  return {
    setRules(keyed) {
      if (keyed.length === ordered.length && keyed.every(({ rule }, at) => rule === ordered[at])) return;
      ordered = keyed.map(({ rule }) => rule);
      const next = new Map(keyed.map(({ key, rule }) => [key, rule]));
      hasNewRules ||= [...next].some(([key, rule]) => rules.get(key) !== rule);
      for (const key of rules.keys()) if (!next.has(key)) fitting.forget(key);
      rules = next;
      index = createRuleIndex(rules);
    },
    read,
    readIfExecuted(row, isWhole, look) {
      const pid = known.table.pids[row] ?? 0;
      const vector = isWhole ? 0 : vectorOf(pid);
      if (vector !== 0 && vector === known.table.vectors[row]) return fitting.unchanged(pid, look);
      read(row, isWhole, look);
      if (vector !== 0) known.table.vectors[row] = vector;
    },
    readNew(pid, look) {
      if (!reader.statFieldsOfProcess(pid, fields)) return -1;
      const row = known.insert(pid);
      take(row, pid, true, look);
      return row;
    },
    hasNewRules: () => hasNewRules,
    compared() {
      hasNewRules = false;
    },
  };
}
