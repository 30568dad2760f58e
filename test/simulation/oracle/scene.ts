// What the oracle knows of a world beside its entries: what pcheck has been told, whether it could act, what it has
// to do next. The rules are in the files that change it.
import type { SimulatedSystem } from '../../../src/system/simulated/system.ts';
import type { Being, Population } from '../population.ts';
import { Violation } from '../violation.ts';
import type { Tracked } from './entry.ts';

export type Scene = {
  readonly system: SimulatedSystem;
  readonly population: Population;
  entries: Tracked[];
  /** Entries that a reload removed while they were being restarted. */
  retired: Tracked[];
  intervalMilliseconds: number;
  /** Until then pcheck could not act: it was blind, held up, or not there. */
  excusedUntil: number;
  isRunning: boolean;
  begunAt: number;
  wasBlindAtFirst: boolean;
  isOver: boolean;
  mustEndSince: number | undefined;
  endingSince: number | undefined;
  /** The record on disk is not the last one that pcheck wanted to write. */
  isRecordStale: boolean;
  /** pcheck was killed in the middle of a step, which the record may hold already. */
  wasKilledWithin: boolean;
  mayResume: 'yes' | 'no';
  hasResumed: boolean;
  /** Scripts, checks and commands that this pcheck has to stop when it ends. */
  readonly ours: Set<Being>;
  /** When a start that hangs has to be given up, by its token. */
  readonly startsDue: Map<string, number>;
  readonly seen: Record<Happening, number>;
};

type Happening =
  | 'restarts'
  | 'retryOvers'
  | 'adoptions'
  | 'clearings'
  | 'resumes'
  | 'timeouts'
  | 'stalls'
  | 'givenUp';

/** An entry waits a moment for a command line that cannot be read. */
export const SLACK_MILLISECONDS = 700;
export const TERM_TO_KILL_MILLISECONDS = 10_000;
export const BLIND_RETRY_MILLISECONDS = 1000;

export function createScene(system: SimulatedSystem, population: Population): Scene {
  return {
    system,
    population,
    entries: [],
    retired: [],
    intervalMilliseconds: 10_000,
    excusedUntil: 0,
    isRunning: false,
    begunAt: 0,
    wasBlindAtFirst: false,
    isOver: false,
    mustEndSince: undefined,
    endingSince: undefined,
    isRecordStale: false,
    wasKilledWithin: false,
    mayResume: 'no',
    hasResumed: false,
    ours: new Set(),
    startsDue: new Map(),
    seen: {
      restarts: 0,
      retryOvers: 0,
      adoptions: 0,
      clearings: 0,
      resumes: 0,
      timeouts: 0,
      stalls: 0,
      givenUp: 0,
    },
  };
}

export function now({ system }: Scene): number {
  return system.clock.now().monotonic;
}

/** Whether the moment is over for one who could act all the time until now. */
export function isLate(scene: Scene, moment: number, slack = SLACK_MILLISECONDS): boolean {
  return now(scene) > Math.max(moment, scene.excusedUntil) + slack;
}

/** When others are there, but too few, they are counted once more (SPEC 4.8). */
export function recountMilliseconds({ intervalMilliseconds }: Scene): number {
  return Math.min(1000, intervalMilliseconds);
}

export function byName({ entries }: Scene, name: string | number): Tracked {
  const entry = entries.find(({ pent }) => pent.name === name);
  if (entry === undefined) throw new Violation('every message tells of an entry', String(name));
  return entry;
}

export function broken(invariant: string, entry: Tracked | undefined, details: string): never {
  const of = entry === undefined ? '' : `${entry.pent.name} `;
  throw new Violation(invariant, `${of}${details}`);
}
