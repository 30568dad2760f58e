// One entry with what is known about finding its process. The entry itself is replaced at every step.
import { reportEntry } from '../entry/report.ts';
import type { Snapshot } from '../entry/snapshot.ts';
import { newEntry } from '../entry/transition.ts';
import type { Entry } from '../entry/types.ts';
import type { Pent } from '../pfile/types.ts';
import type { MatchRule } from '../process/matcher.ts';
import { resolveName } from '../process/name.ts';
import type { Lineages, Match, ProcessId } from '../process/types.ts';
import type { Files, Instant, System } from '../system/types.ts';
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
  /** When it was looked for the last time, on the clock of the processes' start times. */
  lookedAtUptimeSeconds: number;
  /** The word in the environment of its last script, by which a later pcheck finds it. */
  token: string | undefined;
  /** pcheck ends because of it: a retry-over with exit or shutdown. */
  isEnding: boolean;
};

export function newSlot(
  key: number,
  pent: Pent,
  monitorIntervalSeconds: number,
  files: Files,
  now: Instant,
): Slot {
  return {
    key,
    entry: newEntry(pent, monitorIntervalSeconds, now),
    rule: matchRule(pent, files),
    matches: [],
    sharedWith: undefined,
    lineages: { held: undefined, left: [] },
    lookedAtUptimeSeconds: 0,
    token: undefined,
    isEnding: false,
  };
}

/** What to look for. */
export function matchRule(pent: Pent, files: Files): MatchRule {
  return {
    name: resolveName(pent.name, files),
    includeStrings: pent.includeStrings.map((text) => Buffer.from(text)),
    excludeStrings: pent.excludeStrings.map((text) => Buffer.from(text)),
    uid: pent.uid,
    executable: executableOf(pent, files),
    containers: pent.containers,
  };
}

/** Reads again what NAME and `exe` lead to, in addition to what NAME led to before; the same rule as long as that is the same. */
export function refreshRule(slot: Slot, files: Files): void {
  const { pent } = slot.entry;
  const name = resolveName(pent.name, files, slot.rule.name);
  const executable = executableOf(pent, files);
  if (name === slot.rule.name && executable === slot.rule.executable) return;
  slot.rule = { ...slot.rule, name, executable };
}

function executableOf({ exe }: Pent, files: Files): string | undefined {
  return exe === undefined ? undefined : (files.resolve(exe) ?? exe);
}

/** At a full check, the one of this number: a process that is watched fits its rule as it is, what NAME leads to now matters when it is gone. */
export function refreshRules(slots: readonly Slot[], fullCheck: number, turns: number, files: Files): void {
  slots.forEach((slot) => {
    const isItsTurn = (slot.key + fullCheck) % turns === 0;
    if (isItsTurn || slot.entry.phase.is !== 'watching') refreshRule(slot, files);
  });
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
