// When answers about command lines and files come: at once, a moment later, or not before a process gives its memory map
// free, or a file system that hangs goes on.
import type { SimulatedSystem } from '../../src/system/simulated/system.ts';
import type { Random } from './random.ts';

export type Answers = {
  /** Nothing is answered about it any more. */
  hold(of: number | string): void;
  /** What was asked meanwhile is answered now. */
  free(of: number | string): void;
  freeAll(): void;
};

const MAX_LATENCY_MILLISECONDS = 3;

export function createAnswers(system: SimulatedSystem, random: Random): Answers {
  const held = new Map<number | string, (() => void)[]>();
  /** In half of all worlds they come at once, so that all that follows is one moment. */
  const isAtOnce = random.chance(0.5);

  function free(of: number | string): void {
    const answers = held.get(of) ?? [];
    held.delete(of);
    for (const answer of answers) answer();
  }

  system.deliver = (answer, of) => {
    const waiting = held.get(of);
    if (waiting !== undefined) waiting.push(answer);
    else if (isAtOnce) answer();
    else system.clock.after(random.between(0, MAX_LATENCY_MILLISECONDS), answer);
  };
  return {
    hold: (of) => void (held.has(of) || held.set(of, [])),
    free,
    freeAll() {
      for (const of of [...held.keys()]) free(of);
    },
  };
}
