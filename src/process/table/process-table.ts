// All processes of the machine and the rules that they match, kept from scan to scan (SPEC 3, Re-check). What a scan reads:
// scan.ts; command lines: read-lines.ts. Which of several matches is the one that is meant: find.ts.
import type { CommandLines, ProcTable } from '../../system/types.ts';
import type { ProcessReader } from '../reader.ts';
import { createStatFields, isKernelThread, isRunning } from '../stat-fields.ts';
import type { Match, ProcessId } from '../types.ts';
import { createLineRules, type KeyedRule } from './line-rules.ts';
import { createMatchIndex } from './match-index.ts';
import { createLineReads, type SilentProcess } from './read-lines.ts';
import type { Depth } from './read-policy.ts';
import { createProcessReads } from './read-process.ts';
import { createScans, type Scan } from './scan.ts';
import { createTracked } from './tracked.ts';
import type { TrackedProcess } from './tracked-process.ts';

export type { Scan } from './scan.ts';

export type ProcessTable = {
  /** The rules from the next scan on. */
  setRules(keyed: readonly KeyedRule[]): void;
  /** A turn begins: what was seen before is not as of now any more. */
  beginTurn(): void;
  /** Who is younger than `youngSeconds` may have become another program since it was read. */
  scan(depth: Depth, youngSeconds: number): Scan;
  /** What matches the rule, in ascending order of pid; each is there as of this turn. */
  matchesOf(key: number, scan: Scan): readonly Match[];
  /** Whether a command line that is asked for may decide more. */
  isUndecided(key: number): boolean;
  /** Has the command lines of these matches read again, unless that was asked for by this scan or a later one. */
  refresh(key: number, scan: Scan): void;
  /** Whether the process is there as before; `unknown`: it cannot be read just now. */
  fateOf(process: ProcessId, key: number): 'matches' | 'differs' | 'gone' | 'unknown';
  /** The first words of a match. */
  argvOf(pid: number): readonly string[];
  /** Whose command line does not come. */
  silent(): readonly SilentProcess[];
};

export type TableParts = {
  readonly proc: ProcTable;
  readonly reader: ProcessReader;
  readonly commandLines: CommandLines;
  /** Full checks until everything has had its turn. */
  shares(): number;
  /** Monotonic milliseconds. */
  now(): number;
  /** An answer has come; a process matches these rules since, or does not match them any more. */
  onAnswer(keys: readonly number[]): void;
};

export function createProcessTable(parts: TableParts): ProcessTable {
  const { proc, reader } = parts;
  const index = createMatchIndex();
  const rules = createLineRules(index.forget);
  const lines = createLineReads({ ...parts, index, rules });
  const tracked = createTracked(proc, lines.forget);
  const fields = createStatFields();
  let [turn, rulesVersion] = [1, 1];
  const state = { turn: () => turn, rulesVersion: () => rulesVersion };
  const reads = createProcessReads({ ...state, reader, tracked, lines, index });
  const scan = createScans({ ...state, proc, tracked, reads, lines, index, shares: parts.shares });

  function tracking(key: number): readonly TrackedProcess[] {
    return index.of(key).flatMap(({ pid }) => tracked.get(pid) ?? []);
  }

  return {
    setRules(keyed) {
      if (rules.set(keyed)) rulesVersion += 1;
    },
    beginTurn() {
      turn += 1;
    },
    scan,
    matchesOf(key, { stamp }) {
      for (const process of tracking(key)) if (process.seen !== turn) reads.read(process, 'stat', stamp);
      lines.flush();
      return index.of(key);
    },
    isUndecided: lines.isUndecided,
    refresh(key, { stamp }) {
      for (const process of tracking(key)) {
        const { line } = process;
        if ('stamp' in line && line.stamp < stamp) reads.read(process, 'read', stamp);
      }
      lines.flush();
    },
    fateOf({ pid, startTicks }, key) {
      // Most are gone, which one call tells.
      if (!reader.statFields(pid, fields))
        return proc.isThere(pid) && reader.isUnreadable(pid) ? 'unknown' : 'gone';
      if (!isRunning(fields) || isKernelThread(fields) || fields.startTicks !== startTicks) return 'gone';
      const process = tracked.get(pid);
      if (process?.startTicks !== startTicks) return 'unknown';
      if (index.keysOf(pid).includes(key)) return 'matches';
      const { line } = process;
      const isRuledOut = line.is === 'read' || (line.is === 'asked' && !line.mayMatch(key));
      return isRuledOut ? 'differs' : 'unknown';
    },
    argvOf: index.argvOf,
    silent: lines.silent,
  };
}
