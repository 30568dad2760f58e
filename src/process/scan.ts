// One pass over /proc for all entries at once: for each rule, the processes that it fits. Which of them is
// the one that is meant: find.ts. What is never a match (pcheck itself, its scripts): decided here.
import type { ProcTable } from '../system/types.ts';
import { type Candidate, type MatchRule, matches } from './matcher.ts';
import { isPsaver, isScriptInProgress, type RunningScript } from './own.ts';
import type { ProcessReader } from './reader.ts';
import type { Stat } from './stat.ts';
import type { Match, ProcessId } from './types.ts';

/** For each rule, in the order given, all processes that it fits. */
export function scan(
  proc: ProcTable,
  reader: ProcessReader,
  rules: readonly MatchRule[],
  scripts: readonly RunningScript[],
): Match[][] {
  const found: Match[][] = rules.map(() => []);
  for (const pid of proc.pids()) {
    const candidate = readCandidate(proc, reader, pid, scripts);
    if (candidate === undefined) continue;
    rules.forEach((rule, index) => {
      if (matches(rule, candidate)) found[index]?.push(candidate.match);
    });
  }
  return found;
}

/**
 * Whether a process that is held already is still the same and still fits. One whose command line cannot be
 * read just now (it is being replaced, its lock is held, permission changed) stays held (SPEC 3).
 */
export function stillFits(
  proc: ProcTable,
  reader: ProcessReader,
  rule: MatchRule,
  held: ProcessId,
  scripts: readonly RunningScript[],
): Match | undefined {
  const stat = reader.stat(held.pid);
  if (stat === undefined) {
    const isHidden = reader.isUnreadable(held.pid) && proc.isHidden(held.pid);
    return isHidden ? { ...held, ppid: 0, session: 0, startStack: 0 } : undefined;
  }
  if (stat.startTicks !== held.startTicks) return undefined;
  const candidate = readCandidate(proc, reader, held.pid, scripts);
  const isUnknown = candidate !== undefined && candidate.commandLine === undefined;
  return isUnknown || (candidate !== undefined && matches(rule, candidate))
    ? matchOf(held.pid, stat)
    : undefined;
}

type ScannedProcess = Candidate & {
  readonly match: Match;
};

function readCandidate(
  proc: ProcTable,
  reader: ProcessReader,
  pid: number,
  scripts: readonly RunningScript[],
): ScannedProcess | undefined {
  if (pid === proc.ownPid) return undefined;
  const stat = reader.stat(pid);
  if (stat === undefined || stat.isKernelThread) return undefined;
  const commandLine = reader.commandLine(pid, stat);
  if (
    commandLine !== undefined &&
    (isPsaver(commandLine) || isScriptInProgress(stat, commandLine, scripts))
  ) {
    return undefined;
  }
  let exe: string | undefined;
  let uid: number | undefined;
  let inOwnNamespace: boolean | undefined;
  return {
    comm: stat.comm,
    commandLine,
    exe: () => {
      exe ??= reader.exe(pid, stat);
      return exe;
    },
    match: matchOf(pid, stat),
    uid: () => {
      uid ??= reader.uid(pid);
      return uid;
    },
    isInOwnNamespace: () => {
      inOwnNamespace ??= reader.isInOwnNamespace(pid);
      return inOwnNamespace;
    },
  };
}

function matchOf(pid: number, { startTicks, ppid, session, startStack }: Stat): Match {
  return { pid, startTicks, ppid, session, startStack };
}
