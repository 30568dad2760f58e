// Which entries have to be looked at, and when the next one has to be. All of them are gone through only where a
// deadline has come: a death alone costs the same however many entries there are.
import { deadline } from '../entry/pace.ts';
import type { Slot } from './slot.ts';

export type Agenda = {
  /** One of this slot's processes is told to be dead. */
  died(key: number): void;
  /** Deaths are told by its key from now on. */
  watch(slot: Slot): void;
  forget(slot: Slot): void;
  /** Everything is looked at now anyway. */
  clear(): void;
  /** Those of which a death was told, and those whose deadline has come; deaths are told once. */
  take(slots: readonly Slot[], now: number): readonly Slot[];
  /** The earliest deadline of all, as it stands now. */
  nextAt(slots: readonly Slot[]): number;
};

export function createAgenda(): Agenda {
  const watched = new Map<number, Slot>();
  const bereaved = new Set<number>();
  let earliest = Number.NEGATIVE_INFINITY;
  return {
    died: (key) => void bereaved.add(key),
    watch: (slot) => void watched.set(slot.key, slot),
    forget({ key }) {
      watched.delete(key);
      bereaved.delete(key);
    },
    clear: () => bereaved.clear(),
    take(slots, now) {
      const keys = new Set(bereaved);
      bereaved.clear();
      if (now < earliest) return [...keys].flatMap((key) => watched.get(key) ?? []);
      return slots.filter(({ key, entry }) => (deadline(entry) ?? Infinity) <= now || keys.has(key));
    },
    nextAt(slots) {
      earliest = Infinity;
      slots.forEach(({ entry }) => {
        const due = deadline(entry);
        if (due !== undefined && due < earliest) earliest = due;
      });
      return earliest;
    },
  };
}
