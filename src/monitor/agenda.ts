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
  /** Those of which a death was told, once. */
  bereaved(): readonly Slot[];
  /** Those whose deadline has come, but for those who wait for a look already. */
  due(slots: readonly Slot[], now: number): readonly Slot[];
  /** The earliest deadline of all, as it stands now. */
  nextAt(slots: readonly Slot[]): number;
};

/** `isLooking`: it is looked for already. */
export function createAgenda(isLooking: (slot: Slot) => boolean): Agenda {
  const watched = new Map<number, Slot>();
  const died = new Set<number>();
  let earliest = Number.NEGATIVE_INFINITY;
  return {
    died: (key) => void died.add(key),
    watch: (slot) => void watched.set(slot.key, slot),
    forget({ key }) {
      watched.delete(key);
      died.delete(key);
    },
    clear: () => died.clear(),
    bereaved() {
      const slots = [...died].flatMap((key) => watched.get(key) ?? []);
      died.clear();
      return slots;
    },
    due(slots, now) {
      if (now < earliest) return [];
      return slots.filter((slot) => (deadline(slot.entry) ?? Infinity) <= now && !isLooking(slot));
    },
    nextAt(slots) {
      earliest = Infinity;
      slots.forEach((slot) => {
        const due = deadline(slot.entry);
        if (due !== undefined && due < earliest && !isLooking(slot)) earliest = due;
      });
      return earliest;
    },
  };
}
