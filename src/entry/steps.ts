// How one step is put together from others, and the plainest of them.
import type { LogMessage } from '../log/catalogue.ts';
import type { Instant } from '../system/types.ts';
import type { Effect, Entry, Step } from './types.ts';

export function unchanged(entry: Entry): Step {
  return { entry, effects: NONE };
}

const NONE: readonly Effect[] = [];

export function logged(entry: Entry, logMessage: LogMessage): Step {
  return { entry, effects: [{ type: 'log', message: logMessage }] };
}

/** The step, then what `next` makes of its entry. */
export function then(step: Step, next: (entry: Entry, now: Instant) => Step, now: Instant): Step {
  return withEffects(step.effects, next(step.entry, now));
}

/** The step with these effects before its own. */
export function withEffects(effects: readonly Effect[], step: Step): Step {
  return effects.length === 0 ? step : { entry: step.entry, effects: [...effects, ...step.effects] };
}
