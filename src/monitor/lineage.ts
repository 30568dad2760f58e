// Remembers what a watched process is descended from, so that the workers which it leaves behind when it dies
// do not pass for the service (SPEC 4.2).
import { isForkOf, type Match } from '../process/types.ts';
import type { System } from '../system/types.ts';
import type { Slot } from './slot.ts';

/**
 * `kept` is the held process if it is there. While it lives, its lineage is kept up to date; when it is dead
 * and was younger than start_wait, its forks are no orphans but the service itself (a daemon's fork).
 */
export function updateLineage(slot: Slot, kept: Match | undefined, { proc }: System): void {
  if (kept !== undefined) {
    const { session, startStack, startTicks } = kept;
    // The same object as long as it is the same, so that the record's text need not be made again.
    if (slot.lineage?.startTicks !== startTicks || slot.lineage.startStack !== startStack) {
      slot.lineage = { session, startStack, startTicks };
    }
    slot.isDead = false;
    return;
  }
  if (slot.entry.phase.is !== 'watching' || slot.lineage === undefined || slot.isDead) return;
  slot.isDead = true;
  const ageSeconds = proc.uptimeSeconds() - slot.lineage.startTicks / TICKS_PER_SECOND;
  if (ageSeconds < slot.entry.pent.startWaitSeconds) slot.lineage = undefined;
}

/** Only of a process that is dead: its workers are no orphans while it lives. */
export function isOrphan({ lineage, isDead }: Slot, match: Match): boolean {
  return isDead && lineage !== undefined && isForkOf(lineage, match);
}

/** Of the kernel's figures for user space (sysconf(_SC_CLK_TCK)) on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
