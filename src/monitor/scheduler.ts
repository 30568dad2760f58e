// The one timer of the monitor: deadlines are data of the entries, this wakes the loop at the earliest.
import type { Clock, Timer } from '../system/types.ts';
import { isHeldUp, whenHeard } from './loop/listen-first.ts';

export type Scheduler = {
  /** Wakes at this monotonic moment instead of any set before. */
  wakeAt(moment: number): void;
  close(): void;
};

export function createScheduler(clock: Clock, wake: () => void): Scheduler {
  let timer: Timer | undefined;

  /** A script that ended in time must not be found overdue. */
  function wakeInTime(moment: number): void {
    if (isHeldUp(clock, moment)) timer = whenHeard(clock, wake);
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
