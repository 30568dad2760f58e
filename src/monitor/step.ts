// One step of one entry: the event through the transition function, and what is remembered of the process that is
// held then. What the step asks for is handed back, to be carried out when it has been recorded.
import { transition } from '../entry/transition.ts';
import type { Effect, Entry, EntryEvent } from '../entry/types.ts';
import { sameProcess } from '../process/types.ts';
import type { Instant } from '../system/types.ts';
import { followLineage } from './lineage.ts';
import { heldProcess, type Slot } from './slot.ts';

export type Made = {
  readonly slot: Slot;
  /** The entry as it was. */
  readonly before: Entry;
  readonly effects: readonly Effect[];
  readonly isDecision: boolean;
};

/** `newToken`: for the environment of a script that is about to be run. */
export function makeStep(slot: Slot, event: EntryEvent, now: Instant, newToken: () => string): Made {
  const before = slot.entry;
  const { entry, effects } = transition(before, event, now);
  slot.entry = entry;
  if (effects.some(({ type }) => type === 'run-script')) {
    slot.token = newToken();
    slot.script = undefined;
  }
  slot.isEnding = effects.some(({ type }) => type === 'end');
  const held = heldProcess(before);
  const holds = heldProcess(entry);
  if (held !== holds) {
    const match = 'observation' in event ? event.observation.match : undefined;
    if (holds !== undefined && match !== undefined && sameProcess(match, holds)) followLineage(slot, match);
    // That an earlier entry restarts it was said of another process.
    if (holds !== undefined && (held === undefined || !sameProcess(held, holds))) slot.sharedWith = undefined;
  }
  // A look that only puts off the next one decides nothing.
  return { slot, before, effects, isDecision: entry.phase.is !== before.phase.is || effects.length > 0 };
}
