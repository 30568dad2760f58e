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
      const events = new Map<Slot, ToEvent>(due.map((slot) => [slot, observed]));
      for (const { slot, toEvent } of told.splice(0)) events.set(slot, toEvent);
      return events;
    },
  };
}

function observed(observation: Observation): EntryEvent {
  return { type: 'observed', observation };
}

/** As in the pfile, without those that a reload has removed meanwhile. */
export function inOrder(chosen: Iterable<Slot>, slots: readonly Slot[]): readonly Slot[] {
  return [...chosen]
    .filter((slot) => slots.includes(slot))
    .sort((one, other) => one.entry.pent.id - other.entry.pent.id);
}
