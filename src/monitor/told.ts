// What has happened to entries and waits for the next look, which all of it shares: for each entry in its order.
import type { EntryEvent, Observation } from '../entry/types.ts';
import type { Slot } from './slot.ts';

/** What a slot is told once it has been looked at. */
export type ToEvent = (seen: Observation) => EntryEvent;

export type Told = {
  add(slot: Slot, toEvent: ToEvent): void;
  isEmpty(): boolean;
  /** Those to whom something has happened since the last call, or who were told something and are to be told more. */
  due(): readonly Slot[];
  /** It is to be looked at, whatever else has happened to it. */
  observe(slot: Slot): void;
  /** The first event of a slot that was looked at: what it is told next needs a look of its own. */
  take(slot: Slot): ToEvent;
  has(slot: Slot): boolean;
  forget(slot: Slot): void;
};

export function createTold(): Told {
  const told = new Map<Slot, ToEvent[]>();
  const due = new Set<Slot>();

  function add(slot: Slot, toEvent: ToEvent): void {
    const events = told.get(slot);
    if (events === undefined) told.set(slot, [toEvent]);
    else events.push(toEvent);
    due.add(slot);
  }

  return {
    add,
    isEmpty: () => due.size === 0,
    due() {
      const slots = [...due];
      due.clear();
      return slots;
    },
    observe(slot) {
      if (told.get(slot)?.at(-1) !== observed) add(slot, observed);
    },
    take(slot) {
      const [first = observed, ...rest] = told.get(slot) ?? [];
      if (rest.length === 0) {
        told.delete(slot);
        return first;
      }
      told.set(slot, rest);
      due.add(slot);
      return first;
    },
    has: (slot) => told.has(slot),
    forget(slot) {
      told.delete(slot);
      due.delete(slot);
    },
  };
}

function observed(observation: Observation): EntryEvent {
  return { type: 'observed', observation };
}

/** Of many it is cheaper to go through all of the pfile than to ask of each whether it is there. */
const MANY = 16;

/** As in the pfile, whose slots these are, without those that a reload has removed meanwhile. */
export function inOrder(chosen: ReadonlySet<Slot>, slots: readonly Slot[]): readonly Slot[] {
  if (chosen.size > MANY) return slots.filter((slot) => chosen.has(slot));
  return [...chosen]
    .filter((slot) => slots.includes(slot))
    .sort((one, other) => one.entry.pent.id - other.entry.pent.id);
}
