// Time, from the kernel's monotonic clock and the wall clock, and Node's timers.
import type { Clock } from '../types.ts';

const LONGEST_TIMER_MILLISECONDS = 3_600_000;

export const realClock: Clock = {
  now: () => ({ monotonic: monotonicMilliseconds(), wall: Date.now() }),
  after(delayMilliseconds, callback) {
    // A timer of 0 ms takes 1 ms in Node; this comes behind all that has happened already.
    if (delayMilliseconds <= 0) {
      const immediate = setImmediate(callback);
      return { cancel: () => clearImmediate(immediate) };
    }
    let timer: NodeJS.Timeout;
    // Node fires a timer of more than 2^31 ms at once, so a long time is slept in pieces (SPEC 7).
    function sleep(left: number): void {
      const piece = Math.min(left, LONGEST_TIMER_MILLISECONDS);
      timer = setTimeout(() => (left > piece ? sleep(left - piece) : callback()), piece);
    }
    sleep(Math.ceil(delayMilliseconds));
    return { cancel: () => clearTimeout(timer) };
  },
};

/** CLOCK_MONOTONIC, the same for all processes of a boot: what one pcheck has recorded, the next one understands. */
function monotonicMilliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** CLOCK_MONOTONIC itself, as other programs of this machine read it. */
export function kernelMonotonicMicroseconds(): bigint {
  return process.hrtime.bigint() / 1000n;
}
