// What is decided of one process that is held or fits already: whether it is still there and still fits, and
// whether it is but a script in progress. All processes at once: census.ts.
import type { ProcTable } from '../system/types.ts';
import { candidateOf } from './candidate.ts';
import { matchOf } from './fitting.ts';
import { type MatchRule, matches } from './matcher.ts';
import { isScriptInProgress, type RunningScript } from './own.ts';
import type { ProcessReader } from './reader.ts';
import { createStatFields, hasLeader, isKernelThread, isRunning } from './stat-fields.ts';
import type { Match, ProcessId } from './types.ts';

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
  const { pid } = held;
  const fields = createStatFields();
  if (!reader.statFields(pid, fields)) {
    // Most are gone, which one call tells.
    const isHidden = proc.isThere(pid) && reader.isUnreadable(pid);
    return isHidden ? { ...held, ppid: 0, session: 0, startStack: 0 } : undefined;
  }
  if (!isRunning(fields) || isKernelThread(fields) || fields.startTicks !== held.startTicks) return undefined;
  const match = matchOf(pid, fields);
  const candidate = candidateOf(reader, pid, fields, reader.commandLineBytes(pid, hasLeader(fields)));
  if (candidate === undefined) return undefined;
  const { commandLine } = candidate;
  if (commandLine === undefined) return match;
  return !isScriptInProgress(match, commandLine, scripts) && matches(rule, candidate) ? match : undefined;
}

/** The matches without the scripts in progress and their subshells, whose command line may hold a service's name. */
export function withoutScripts(
  found: readonly Match[],
  reader: ProcessReader,
  scripts: readonly RunningScript[],
): readonly Match[] {
  if (scripts.length === 0) return found;
  return found.filter((match) => {
    if (!scripts.some(({ session }) => session === match.session)) return true;
    const commandLine = reader.commandLine(match.pid, true);
    return commandLine === undefined || !isScriptInProgress(match, commandLine, scripts);
  });
}
