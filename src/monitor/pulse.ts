// How others can know that the monitoring loop lives: it beats at its turns, on its own scheduler, so that a
// loop that hangs or is dead beats no more. Who feels the pulse, and what they do about it, is the program's choice.
import type { Entry } from '../entry/types.ts';

/** All moments are monotonic milliseconds. */
export type Pulse = {
  /** Told at the beginning of every turn of the loop. */
  beat(now: number): void;
  /** The moment by which it wants the next turn. */
  nextAt(): number;
};

/** Who sees to it that the monitor lives, and is told how its entries are whenever that may have changed. */
export type Overseer = {
  readonly pulse: Pulse;
  readonly onTurn: ((entries: readonly Entry[]) => void) | undefined;
};

export function together(pulses: readonly Pulse[]): Pulse {
  return {
    beat(now) {
      for (const pulse of pulses) pulse.beat(now);
    },
    nextAt: () => Math.min(...pulses.map((pulse) => pulse.nextAt())),
  };
}
