// What an entry is told of its process by a scan that has gone far enough. What an entry makes of it is src/entry.
import type { Entry, Observation } from '../../entry/types.ts';
import { oldestRoot } from '../../process/find.ts';
import { isScriptInProgress, type OwnSession } from '../../process/own.ts';
import type { ProcessTable, Scan } from '../../process/table/process-table.ts';
import { type Match, type ProcessId, sameProcess } from '../../process/types.ts';
import type { StartedProcesses } from '../children/types.ts';
import { updateLineages, withoutOrphans } from '../lineage.ts';
import type { RestartScripts } from '../scripts.ts';
import { heldProcess, type Slot } from '../slot.ts';
import type { EntryLookups } from './entry-lookups.ts';
import { createHolders, earlierHolder, type Holders, isAnotherEntrys } from './holders.ts';

export type ObserveParts = {
  readonly table: ProcessTable;
  readonly lookups: EntryLookups;
  readonly processes: StartedProcesses;
  readonly scripts: RestartScripts;
};

/** Whether what may still be read could change what these entries are told. */
export function isDecided({ table, lookups }: ObserveParts, slot: Slot, scan: Scan): boolean {
  const { entry, key } = slot;
  // Whoever is about to be taken for the service is read before.
  const isHeld = entry.phase.is === 'watching' && theSame(table.matchesOf(key, scan), entry.phase.process);
  if (!isHeld) table.refresh(key, scan);
  return !table.isUndecided(key) && !lookups.isPidfileAwaited(slot);
}

/** One observation for each slot; `all` are the entries of the pfile, in its order. */
export function observe(
  parts: ObserveParts,
  slots: readonly Slot[],
  all: readonly Slot[],
  scan: Scan,
  isFullCheck: boolean,
): Observation[] {
  const { table, lookups, processes, scripts } = parts;
  const running = processes.list();
  let holders: Holders | undefined;
  return slots.map((slot) => {
    const { entry, key } = slot;
    const held = heldProcess(entry);
    const matches = table.matchesOf(key, scan);
    const fitting = notStalled(entry, withoutScripts(matches, table, running));
    const kept = held === undefined ? undefined : keptProcess(parts, slot, held, fitting, running);
    if (held !== undefined && kept !== undefined) {
      holders ??= createHolders(all);
      slot.sharedWith = earlierHolder(slot, held, holders);
    }
    const counting = kept === undefined || fitting.includes(kept) ? fitting : [...fitting, kept];
    const namedPid = entry.pent.pidfile === undefined ? undefined : lookups.pidOf(slot);
    const named = counting.find(({ pid }) => pid === namedPid);
    const isThere = (process: ProcessId) => !isStalled(entry, process) && isKept(table.fateOf(process, key));
    updateLineages(slot, kept, isThere, scan.uptimeSeconds);
    const counted = withoutOrphans(slot, counting, named);
    slot.matches = counted;
    const match = entry.pent.pidfile === undefined ? oldestRoot(counted) : named;
    const isEnough = counted.length >= entry.pent.minProcCount;
    const scriptPid = scripts.pidOf(key);
    return {
      heldIsThere: kept !== undefined,
      match: isEnough ? match : undefined,
      matchIsScript: scriptPid !== undefined && counted.some(({ pid }) => pid === scriptPid),
      count: counted.length,
      orphans: counting.length - counted.length,
      isFullCheck,
      heldByEarlierEntry: isAnotherEntrys(slot, all),
    };
  });
}

/** The held process if it is still there: one whose command line cannot be read just now stays held (SPEC 3). */
function keptProcess(
  { table, lookups }: ObserveParts,
  slot: Slot,
  held: ProcessId,
  fitting: readonly Match[],
  running: readonly OwnSession[],
): Match | undefined {
  const match = theSame(fitting, held);
  if (match !== undefined || isStalled(slot.entry, held)) return match;
  const fate = table.fateOf(held, slot.key);
  // While it is not known what NAME leads to, nothing says that it differs.
  const isOpen = fate === 'unknown' || (fate === 'differs' && !lookups.isRuleKnown(slot));
  const isScript = withoutScripts([hidden(held)], table, running).length === 0;
  return isOpen && !isScript ? hidden(held) : undefined;
}

/** Of one that cannot be read nothing else is known. */
function hidden({ pid, startTicks }: ProcessId): Match {
  return { pid, startTicks, ppid: 0, session: 0, startStack: 0 };
}

function isKept(fate: ReturnType<ProcessTable['fateOf']>): boolean {
  return fate === 'matches' || fate === 'unknown';
}

/** The matches without the scripts in progress and their subshells, whose command line may hold a service's name. */
function withoutScripts(
  matches: readonly Match[],
  table: ProcessTable,
  running: readonly OwnSession[],
): readonly Match[] {
  if (running.length === 0) return matches;
  return matches.filter((match) => !isScriptInProgress(match, table.argvOf(match.pid), running));
}

function theSame(matches: readonly Match[], held: ProcessId): Match | undefined {
  return matches.find((match) => sameProcess(match, held));
}

function notStalled(entry: Entry, matches: readonly Match[]): readonly Match[] {
  return entry.stalled === undefined ? matches : matches.filter((match) => !isStalled(entry, match));
}

/** A process that stalled does not pass for its own successor (SPEC 4.7). */
function isStalled({ stalled }: Entry, process: ProcessId): boolean {
  return stalled !== undefined && sameProcess(stalled, process);
}
