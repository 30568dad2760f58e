// One look at the processes for some or all entries: what each of them is told about its own process. The
// scan itself is src/process; what an entry makes of it is src/entry.
import type { Entry, Observation } from '../entry/types.ts';
import { sameEntryKey } from '../pfile/identity.ts';
import type { Census } from '../process/census.ts';
import { oldestRoot } from '../process/find.ts';
import { stillFits, withoutScripts } from '../process/held.ts';
import type { ProcessReader } from '../process/reader.ts';
import { type Match, type ProcessId, sameProcess } from '../process/types.ts';
import type { System } from '../system/types.ts';
import { updateLineages, withoutOrphans } from './lineage.ts';
import type { RestartScripts } from './scripts.ts';
import type { Scope } from './sight.ts';
import { heldProcess, type Slot } from './slot.ts';
import type { StartedProcesses } from './started.ts';

export type LookParts = {
  readonly system: System;
  readonly census: Census;
  readonly reader: ProcessReader;
  readonly processes: StartedProcesses;
  readonly scripts: RestartScripts;
};

/** Looks once for all the given slots. `all` are the entries of the pfile, in its order; `removed` are looked for besides. */
export function look(
  parts: LookParts,
  slots: readonly Slot[],
  all: readonly Slot[],
  removed: ReadonlySet<Slot>,
  { extent, youngSeconds, isFullCheck }: Scope,
): Observation[] {
  const { system, census, reader, processes, scripts } = parts;
  const running = processes.list();
  census.setRules(removed.size === 0 ? all : [...all, ...removed]);
  const uptimeSeconds = census.look(extent, youngSeconds);
  let holders: Holders | undefined;
  return slots.map((slot) => {
    const { entry, rule } = slot;
    const held = heldProcess(entry);
    let matches = census.matchesOf(slot.key, false);
    // Whoever is about to be taken for the service is read whole before.
    const isTaken = entry.phase.is === 'watching' && theSame(matches, held) !== undefined;
    if (!isTaken && matches.length > 0) matches = census.matchesOf(slot.key, true);
    let fitting = notStalled(entry, withoutScripts(matches, reader, running));
    let kept = theSame(fitting, held);
    if (held !== undefined && kept === undefined && !isStalled(entry, held)) {
      kept = stillFits(system.proc, reader, rule, held, running);
      if (kept !== undefined) fitting = [...fitting, kept];
    }
    if (held !== undefined && kept !== undefined) {
      holders ??= createHolders(all);
      slot.sharedWith = earlierHolder(slot, held, holders);
    }
    const named = pidfileMatch(entry, fitting, system);
    const isThere = (process: ProcessId) =>
      !isStalled(entry, process) && stillFits(system.proc, reader, rule, process, running) !== undefined;
    updateLineages(slot, kept, isThere, uptimeSeconds);
    const counted = withoutOrphans(slot, fitting, named);
    slot.matches = counted;
    const match = entry.pent.pidfile === undefined ? oldestRoot(counted) : named;
    const isEnough = counted.length >= entry.pent.minProcCount;
    return {
      heldIsThere: kept !== undefined,
      match: isEnough ? match : undefined,
      matchIsScript: counted.some(({ pid }) => pid === scripts.pidOf(slot.key)),
      count: counted.length,
      orphans: fitting.length - counted.length,
      isFullCheck,
      heldByEarlierEntry: isAnotherEntrys(slot, all),
    };
  });
}

function theSame(matches: readonly Match[], held: ProcessId | undefined): Match | undefined {
  return held === undefined ? undefined : matches.find((match) => sameProcess(match, held));
}

function notStalled(entry: Entry, matches: readonly Match[]): readonly Match[] {
  return entry.stalled === undefined ? matches : matches.filter((match) => !isStalled(entry, match));
}

/** A process that stalled does not pass for its own successor (SPEC 4.7). */
function isStalled({ stalled }: Entry, process: ProcessId): boolean {
  return stalled !== undefined && sameProcess(stalled, process);
}

const PIDFILE_BYTES = 32;

function pidfileMatch({ pent }: Entry, fitting: readonly Match[], { files }: System): Match | undefined {
  if (pent.pidfile === undefined) return undefined;
  const pid = Number.parseInt(files.readHead(pent.pidfile, PIDFILE_BYTES)?.trim() ?? '', 10);
  return fitting.find((match) => match.pid === pid);
}

/** The first entry that watches a process, with monitoring on: only that one restarts it (SPEC 3). */
export type Holders = (process: ProcessId) => Slot | undefined;

export function createHolders(all: readonly Slot[]): Holders {
  const firstOfPid = new Map<number, Slot>();
  const further: Slot[] = [];
  all.forEach((slot) => {
    const held = slot.entry.monitoring === 'on' ? heldProcess(slot.entry) : undefined;
    if (held === undefined) return;
    if (firstOfPid.has(held.pid)) further.push(slot);
    else firstOfPid.set(held.pid, slot);
  });
  return (process) => {
    const first = firstOfPid.get(process.pid);
    if (first === undefined || holds(first, process)) return first;
    return further.find((slot) => holds(slot, process));
  };
}

function holds({ entry }: Slot, process: ProcessId): boolean {
  const held = heldProcess(entry);
  return held !== undefined && sameProcess(held, process);
}

/** An entry before this one, with monitoring on, that watches the process too. */
function earlierHolder(slot: Slot, held: ProcessId, holders: Holders): string | undefined {
  const holder = holders(held);
  return holder === undefined || holder.entry.pent.id >= slot.entry.pent.id
    ? undefined
    : sameEntryKey(holder.entry.pent);
}

/** Until that entry is removed from the pfile, or its monitoring turned off. */
function isAnotherEntrys({ sharedWith }: Slot, all: readonly Slot[]): boolean {
  if (sharedWith === undefined) return false;
  return all.some(({ entry }) => entry.monitoring === 'on' && sameEntryKey(entry.pent) === sharedWith);
}
