// The last lines of a script or check that failed go to the log. They come after all else that a step asks for,
// so that no restart waits for a file to be read.
import type { Step } from './types.ts';

export function withScriptOutput({ entry, effects }: Step, run: number): Step {
  return { entry, effects: [...effects, { type: 'log-output', of: 'script', run }] };
}

export function withCheckOutput({ entry, effects }: Step): Step {
  return { entry, effects: [...effects, { type: 'log-output', of: 'check' }] };
}
