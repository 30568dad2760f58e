// The one timer of the monitor: deadlines are data of the entries, this wakes the loop at the earliest.
import type { Clock, Timer } from '../system/types.ts';

export type Scheduler = {
  /** Wakes at this monotonic moment instead of any set before. */
  wakeAt(moment: number): void;
  close(): void;
};

const LATE_MILLISECONDS = 100;

export function createScheduler(clock: Clock, wake: () => void): Scheduler {
  let timer: Timer | undefined;

  /**
   * A loop that was held up (SIGSTOP, a busy machine) runs its timers before it hears what has happened
   * meanwhile: a script that ended in time must not be found overdue.
   */
  function wakeInTime(moment: number): void {
    const isLate = clock.now().monotonic > moment + LATE_MILLISECONDS;
    if (isLate) timer = clock.after(0, wake);
    else wake();
  }

  return {
    wakeAt(moment) {
      timer?.cancel();
      timer = clock.after(moment - clock.now().monotonic, () => wakeInTime(moment));
    },
    close() {
      timer?.cancel();
    },
  };
}
