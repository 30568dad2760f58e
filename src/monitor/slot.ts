// One entry with what is known about finding its process. The entry itself is replaced at every step.
import { reportEntry } from '../entry/report.ts';
import type { Snapshot } from '../entry/snapshot.ts';
import { newEntry } from '../entry/transition.ts';
import type { Entry } from '../entry/types.ts';
import type { Pent } from '../pfile/types.ts';
import type { MatchRule } from '../process/matcher.ts';
import { unresolvedName } from '../process/name.ts';
import type { Lineages, Match, ProcessId } from '../process/types.ts';
import type { Instant, System } from '../system/types.ts';
import { VERSION } from '../system/version.ts';

export type Slot = {
  /** Its own for as long as pcheck runs; a pent_id may be another entry's after a reload. */
  readonly key: number;
  entry: Entry;
  rule: MatchRule;
  /** All processes that fitted at the last look. */
  matches: readonly Match[];
  /** At the last look at which the held process was there, this earlier entry (sameEntryKey) held it too. */
  sharedWith: string | undefined;
  /** What the process that is watched, and those before it, descend from. */
  lineages: Lineages;
  /** The word in the environment of its last script, by which a later pcheck finds it. */
  token: string | undefined;
  /** Its process, once that is known. */
  script: ProcessId | undefined;
  /** pcheck ends because of it: a retry-over with exit or shutdown. */
  isEnding: boolean;
};

export function newSlot(key: number, pent: Pent, monitorIntervalSeconds: number, now: Instant): Slot {
  return {
    key,
    entry: newEntry(pent, monitorIntervalSeconds, now),
    rule: matchRule(pent),
    matches: [],
    sharedWith: undefined,
    lineages: { held: undefined, left: [] },
    token: undefined,
    script: undefined,
    isEnding: false,
  };
}

/** What to look for, as it is written: what NAME and exe lead to is looked up later (observe/entry-lookups.ts). */
export function matchRule(pent: Pent): MatchRule {
  return {
    name: unresolvedName(pent.name),
    includeStrings: pent.includeStrings.map((text) => Buffer.from(text)),
    excludeStrings: pent.excludeStrings.map((text) => Buffer.from(text)),
    uid: pent.uid,
    executable: pent.exe,
    containers: pent.containers,
  };
}

/** The process that the entry watches, or noted while its script runs. */
export function heldProcess({ phase }: Entry): ProcessId | undefined {
  return 'process' in phase ? phase.process : undefined;
}

/** Those whose deaths matter at once: the one that is held, and where several are wanted all that fit. */
export function watchedProcesses({ entry, matches }: Slot): readonly ProcessId[] {
  const held = heldProcess(entry);
  if (held === undefined) return [];
  return entry.pent.minProcCount > 1 ? [held, ...matches] : [held];
}

/** What padmin and the dump file show. */
export function snapshotOf(slots: readonly Slot[], { clock, proc }: System, pfile: string): Snapshot {
  const now = clock.now();
  const pents = slots.map(({ entry, matches }) => {
    const pids = matches.map(({ pid }) => pid);
    return reportEntry(entry, pids, now);
  });
  return { pfile, pcheckPid: proc.ownPid, version: VERSION, takenAt: now.wall, pents };
}
