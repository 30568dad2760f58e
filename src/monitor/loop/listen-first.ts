// A loop that was held up (SIGSTOP, a paused or a busy machine) runs its timers before it hears what has happened
// meanwhile: what was in time must not be found late. All timers that judge whether something was are of here.
import type { Clock, Timer } from '../../system/types.ts';

/** Later than this a timer was held up. */
const LATE_MILLISECONDS = 100;
/** That a program has begun is told in one turn of Node's loop, its end in the next. */
const TURNS = 3;

/** Whether something that was due at this moment comes so late that the loop was held up. */
export function isHeldUp(clock: Clock, dueAt: number): boolean {
  return clock.now().monotonic > dueAt + LATE_MILLISECONDS;
}

/** Calls back when all that has happened until now has been told. */
export function whenHeard(clock: Clock, callback: () => void): Timer {
  let timer: Timer;
  function turn(left: number): void {
    timer = clock.after(0, () => (left === 1 ? callback() : turn(left - 1)));
  }
  turn(TURNS);
  return { cancel: () => timer.cancel() };
}

/**
 * Calls back after this time if it is not cancelled before. Whoever was held up over the end of it may have held up what is
 * waited for too (a machine that was paused): the time that was lost is given back, once and at most as long again.
 */
export function afterListening(clock: Clock, milliseconds: number, callback: () => void): Timer {
  const dueAt = clock.now().monotonic + milliseconds;
  let timer = clock.after(milliseconds, () => {
    if (!isHeldUp(clock, dueAt)) {
      callback();
      return;
    }
    const lost = clock.now().monotonic - dueAt;
    timer = clock.after(Math.min(lost, milliseconds), () => {
      timer = whenHeard(clock, callback);
    });
  });
  return { cancel: () => timer.cancel() };
}
