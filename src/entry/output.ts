// The last lines of a script or check that failed go to the log, right behind the message that says so. They are read
// when the log is passed on, so no restart waits for that.
import type { Effect, Step } from './types.ts';

export function withScriptOutput(step: Step, run: number): Step {
  return behindFirst(step, { type: 'log-output', of: 'script', run });
}

export function withCheckOutput(step: Step): Step {
  return behindFirst(step, { type: 'log-output', of: 'check' });
}

function behindFirst({ entry, effects }: Step, output: Effect): Step {
  return { entry, effects: [...effects.slice(0, 1), output, ...effects.slice(1)] };
}
