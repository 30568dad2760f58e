// What has happened to entries and waits for the next look, which all of it shares.
import type { EntryEvent, Observation } from '../entry/types.ts';
import type { Slot } from './slot.ts';

/** What a slot is told once it has been looked at. */
export type ToEvent = (seen: Observation) => EntryEvent;

export type Told = {
  add(slot: Slot, toEvent: ToEvent): void;
  isEmpty(): boolean;
  /** The events of these slots, an observation where nothing was told, and of those of which something was told. */
  take(due: readonly Slot[]): ReadonlyMap<Slot, ToEvent>;
};

export function createTold(): Told {
  const told: { readonly slot: Slot; readonly toEvent: ToEvent }[] = [];
  return {
    add: (slot, toEvent) => void told.push({ slot, toEvent }),
    isEmpty: () => told.length === 0,
    take(due) {
      const events = new Map<Slot, ToEvent>();
      for (const slot of due) events.set(slot, observed);
      for (const { slot, toEvent } of told.splice(0)) events.set(slot, toEvent);
      return events;
    },
  };
}

function observed(observation: Observation): EntryEvent {
  return { type: 'observed', observation };
}

/** Of many it is cheaper to go through all of the pfile than to ask of each whether it is there. */
const MANY = 16;

/** As in the pfile, whose slots these are, without those that a reload has removed meanwhile. */
export function inOrder(chosen: ReadonlyMap<Slot, unknown>, slots: readonly Slot[]): readonly Slot[] {
  if (chosen.size > MANY) return slots.filter((slot) => chosen.has(slot));
  return [...chosen.keys()]
    .filter((slot) => slots.includes(slot))
    .sort((one, other) => one.entry.pent.id - other.entry.pent.id);
}
