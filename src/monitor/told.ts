// What has happened to entries and waits for the next look, which all of it shares.
import type { EntryEvent, Observation } from '../entry/types.ts';
import type { Slot } from './slot.ts';

/** What a slot is told once it has been looked at. */
export type ToEvent = (seen: Observation) => EntryEvent;

export type Told = {
  add(slot: Slot, toEvent: ToEvent, ifGone: () => void): void;
  isEmpty(): boolean;
  /** The events of these slots, an observation where nothing was told; those of the other slots that were told of something. `ifGone` is called for slots that are no more. */
  take(due: readonly Slot[], slots: readonly Slot[]): ReadonlyMap<Slot, ToEvent>;
};

export function createTold(): Told {
  const told: { readonly slot: Slot; readonly toEvent: ToEvent; readonly ifGone: () => void }[] = [];
  return {
    add: (slot, toEvent, ifGone) => void told.push({ slot, toEvent, ifGone }),
    isEmpty: () => told.length === 0,
    take(due, slots) {
      const events = new Map<Slot, ToEvent>(due.map((slot) => [slot, observed]));
      const there = new Set(slots);
      for (const { slot, toEvent, ifGone } of told.splice(0)) {
        if (there.has(slot)) events.set(slot, toEvent);
        else ifGone();
      }
      return events;
    },
  };
}

function observed(observation: Observation): EntryEvent {
  return { type: 'observed', observation };
}
