// Time that passes only when it is told to, and its timers in their order. The wall clock can be stepped
// without the monotonic one noticing.
import type { Clock, Timer } from '../types.ts';

export type SimulatedClock = Clock & {
  /** Lets time pass; timers that fall due run at their moment, in order. */
  advance(milliseconds: number): void;
  /** Time passes, but no timer runs: the program is held up. */
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

  function nextBefore(end: number): Pending | undefined {
    let next: Pending | undefined;
    for (const timer of pending) {
      if (timer.at > end) continue;
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
    advance(milliseconds) {
      const end = monotonic + milliseconds;
      for (let timer = nextBefore(end); timer !== undefined; timer = nextBefore(end)) {
        pending.delete(timer);
        monotonic = Math.max(monotonic, timer.at);
        timer.callback();
      }
      monotonic = end;
    },
    holdUp(milliseconds) {
      monotonic += milliseconds;
    },
    stepWall(milliseconds) {
      wallOffset += milliseconds;
    },
  };
}
