// Remembers what the watched process is descended from, and those before it, so that the workers which a dead
// one leaves behind do not pass for the service (SPEC 4.2).
import {
  isForkOf,
  type Lineage,
  type Match,
  type ProcessId,
  sameProcess,
  TICKS_PER_SECOND,
} from '../process/types.ts';
import type { Slot } from './slot.ts';

/**
 * `kept` is the held process if it is there. A process that is gone leaves its lineage behind; one that is there
 * but not held any more (too few were there) does not.
 */
export function updateLineages(
  slot: Slot,
  kept: Match | undefined,
  isThere: (process: ProcessId) => boolean,
  uptimeSeconds: number,
): void {
  const { held } = slot.lineages;
  if (kept !== undefined) followLineage(slot, kept);
  else if (held !== undefined && !isThere(held)) {
    slot.lineages = { held: undefined, left: leftBehind(slot, held, uptimeSeconds) };
  }
}

/** The entry's process, from the moment on at which it is taken for it, also after a stall: its forks are of the service then. */
export function followLineage(slot: Slot, match: Match): void {
  const { pid, session, startStack, startTicks } = match;
  const { held, left } = slot.lineages;
  // The same object as long as it is the same, so that the record's text need not be made again.
  // Of one that cannot be read just now there is no stack: what was known of it stays.
  const isKnown = held !== undefined && sameProcess(held, match);
  if (isKnown && (startStack === 0 || held.startStack === startStack)) return;
  slot.lineages = {
    held: { pid, session, startStack, startTicks },
    left: left.filter((lineage) => !sameProcess(lineage, match) && !isForkOf(lineage, match)),
  };
}

/** `named`: by its pidfile it is the service, whatever it descends from. */
export function withoutOrphans(
  { lineages: { left } }: Slot,
  matches: readonly Match[],
  named: Match | undefined,
): readonly Match[] {
  if (left.length === 0) return matches;
  return matches.filter((match) => match === named || !left.some((lineage) => isForkOf(lineage, match)));
}

const LINEAGES_KEPT = 8;

/**
 * When the dead one was younger than start_wait, its forks are the service itself (a daemon's fork). A death that is
 * seen late counts as that of an older process.
 */
function leftBehind(slot: Slot, dead: Lineage, uptimeSeconds: number): readonly Lineage[] {
  const { left } = slot.lineages;
  const ageSeconds = uptimeSeconds - dead.startTicks / TICKS_PER_SECOND;
  if (ageSeconds < slot.entry.pent.startWaitSeconds) return left;
  // One that stalled and was taken on again may be left twice: it must not push out the others.
  return [...left.filter((lineage) => !sameProcess(lineage, dead)), dead].slice(-LINEAGES_KEPT);
}
