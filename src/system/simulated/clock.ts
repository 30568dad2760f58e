// Time that passes only when it is told to, and its timers in their order. The wall clock can be stepped
// without the monotonic one noticing.
import type { Clock, Timer } from '../types.ts';

export type SimulatedClock = Clock & {
  /** Lets time pass; timers that fall due run at their moment, in order. */
  advance(milliseconds: number): void;
  /** Time passes, but the program is held up: only the timers of the world run. */
  holdUp(milliseconds: number): void;
  stepWall(milliseconds: number): void;
  /** All timers are forgotten but those of the world itself, which are set by `afterAlways`. */
  forgetTimers(): void;
  afterAlways: Clock['after'];
};

type Pending = {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  readonly isWorlds: boolean;
};

export function createSimulatedClock(wallAtStart: number): SimulatedClock {
  let monotonic = 0;
  let wallOffset = wallAtStart;
  let order = 0;
  const pending = new Set<Pending>();

  function pass(milliseconds: number, runs: (timer: Pending) => boolean): void {
    const end = monotonic + milliseconds;
    for (let timer = nextBefore(end, runs); timer !== undefined; timer = nextBefore(end, runs)) {
      pending.delete(timer);
      monotonic = Math.max(monotonic, timer.at);
      timer.callback();
    }
    monotonic = end;
  }

  function nextBefore(end: number, runs: (timer: Pending) => boolean): Pending | undefined {
    let next: Pending | undefined;
    for (const timer of pending) {
      if (timer.at > end || !runs(timer)) continue;
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) {
        next = timer;
      }
    }
    return next;
  }

  function set(delayMilliseconds: number, callback: () => void, isWorlds: boolean): Timer {
    order += 1;
    const timer = { at: monotonic + Math.max(delayMilliseconds, 0), order, callback, isWorlds };
    pending.add(timer);
    return { cancel: () => void pending.delete(timer) };
  }

  return {
    now: () => ({ monotonic, wall: monotonic + wallOffset }),
    after: (delayMilliseconds, callback) => set(delayMilliseconds, callback, false),
    afterAlways: (delayMilliseconds, callback) => set(delayMilliseconds, callback, true),
    forgetTimers() {
      for (const timer of pending) if (!timer.isWorlds) pending.delete(timer);
    },
    advance: (milliseconds) => pass(milliseconds, () => true),
    holdUp: (milliseconds) => pass(milliseconds, ({ isWorlds }) => isWorlds),
    stepWall(milliseconds) {
      wallOffset += milliseconds;
    },
  };
}
