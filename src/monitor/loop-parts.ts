// What the loop is joined to: the entries, the look, the record, and who is told of what.
import type { Effect } from '../entry/types.ts';
import type { Log } from '../log/log.ts';
import type { CreateDeathWatch } from '../process/death-watch.ts';
import type { Keeper } from './keeper.ts';
import type { ObserverParts } from './observe/observer.ts';
import type { Pulse } from './pulse.ts';
import type { Slot } from './slot.ts';

export type LoopParts = {
  readonly log: Log;
  /** In the order of the pfile; a reload changes what is in it. */
  readonly slots: readonly Slot[];
  intervalSeconds(): number;
  /** Full checks in which everything has its turn once. */
  shares(): number;
  /** How to look; what is seen is the loop's. */
  readonly observing: Omit<ObserverParts, 'onSeen' | 'clock' | 'log' | 'slots'>;
  readonly createDeathWatch: CreateDeathWatch;
  /** Beats at every turn that the scheduler asks for. */
  readonly pulse: Pulse;
  /** For the environment of a script that is about to be run. */
  newToken(): string;
  readonly keeper: Keeper;
  /** Told after every step, with what it asks for. */
  onStep(slot: Slot, effects: readonly Effect[]): void;
  /** Told after what was asked for is carried out, when anything was decided. */
  onChange(): void;
  /** Told when all that was due is done. */
  onTurn(): void;
  /** Told after every full check, when what it found has been acted upon. */
  onFullCheck(): void;
};
