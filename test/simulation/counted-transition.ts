// Takes the place of src/entry/transition.ts in the simulation (scripts/build.mjs): the real one, with a count of
// which event met which state.
import { transition as realTransition } from '../../src/entry/transition.ts';
import type { Entry, EntryEvent, Step } from '../../src/entry/types.ts';
import type { Instant } from '../../src/system/types.ts';

export { newEntry } from '../../src/entry/transition.ts';

/** Visits by `state event`. */
export const visits = new Map<string, number>();

export function transition(entry: Entry, event: EntryEvent, now: Instant): Step {
  const key = `${entry.phase.is} ${event.type}`;
  visits.set(key, (visits.get(key) ?? 0) + 1);
  return realTransition(entry, event, now);
}
