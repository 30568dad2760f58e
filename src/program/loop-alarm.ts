// LOOP_ALARM: an alarm(2) that every turn of the monitoring loop sets anew, so that the kernel ends a pcheck
// whose loop hangs, and a cluster sees it without a watchdog of its own.
import type { Pulse } from '../monitor/pulse.ts';

export type LoopAlarm = {
  readonly pulse: Pulse;
  /** pcheck ends, which may take longer than the alarm allows a turn. */
  disarm(): void;
};

/** An idle loop turns this often within the time of the alarm. */
const TURNS = 3;

/** `seconds` is asked for at every turn, since a reload may change it; 0 is no alarm. */
export function createLoopAlarm(alarm: (seconds: number) => void, seconds: () => number): LoopAlarm {
  let isArmed = false;
  let nextAt = Infinity;

  function set(wanted: number): void {
    if (wanted > 0 || isArmed) alarm(wanted);
    isArmed = wanted > 0;
  }

  return {
    pulse: {
      beat(now) {
        const wanted = seconds();
        set(wanted);
        nextAt = wanted > 0 ? now + (wanted * 1000) / TURNS : Infinity;
      },
      nextAt: () => nextAt,
    },
    disarm: () => set(0),
  };
}
