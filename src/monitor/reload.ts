// Brings the slots in line with a pfile that was read again: what stayed the same keeps process and counters,
// what is gone is let go, what is new begins (SPEC 4.11).
import { sameEntryKey } from '../pfile/identity.ts';
import type { Pent } from '../pfile/types.ts';
import type { Slot } from './slot.ts';

export type ReloadParts = {
  /** In the order of the pfile; replaced in place. */
  readonly slots: Slot[];
  /** Entries that were removed while their script runs. */
  readonly retired: Set<Slot>;
  make(pent: Pent): Slot;
  keep(slot: Slot, pent: Pent): void;
  letGo(slot: Slot): void;
};

export type ReloadResult = { readonly kept: number; readonly added: number; readonly removed: number };

export function reloadSlots(pents: readonly Pent[], parts: ReloadParts): ReloadResult {
  const { slots, retired, make, keep, letGo } = parts;
  const known = new Map([...retired, ...slots].map((slot) => [sameEntryKey(slot.entry.pent), slot]));
  const next = pents.map((pent) => known.get(sameEntryKey(pent)) ?? make(pent));
  const stays = new Set(next);
  const removed = slots.filter((slot) => !stays.has(slot));
  const kept = [...slots, ...retired].filter((slot) => stays.has(slot)).length;
  next.forEach((slot, index) => {
    const pent = pents[index];
    // Added again while its script runs, an entry goes on as it was and waits for that script.
    retired.delete(slot);
    if (pent !== undefined && slot.entry.pent !== pent) keep(slot, pent);
  });
  slots.splice(0, slots.length, ...next);
  for (const slot of removed) {
    if (slot.entry.phase.is === 'running') retired.add(slot);
    letGo(slot);
  }
  return { kept, added: next.length - kept, removed: removed.length };
}
