// A bounded queue before something that takes a line at a time or says `later`: a reader that is stuck fills it,
// then lines are dropped and counted (SPEC 5). What the lines go to is decided in sinks.ts.
import type { Attempt, Clock, Timer } from '../../types.ts';

export type QueueLimits = {
  readonly lines: number;
  /** Doubled as long as nothing goes. */
  readonly firstRetryMilliseconds: number;
  /** So many more lines are a reason to try again before that. */
  readonly retryLines: number;
};

/** A death of each of a thousand entries tells some three thousand lines at once. */
const USUAL_LIMITS: QueueLimits = { lines: 4096, firstRetryMilliseconds: 200, retryLines: Infinity };
const RETRY_MILLISECONDS_MAXIMUM = 3200;

/** What was cut out of a line may begin within a character. */
export type Line = string | Buffer;

/** How one attempt to pass on a line ended; `later` keeps it queued, `rest` is what did not go out of it. */
export type LineAttempt = Attempt | { readonly rest: Buffer };

export type LineQueue = {
  write(line: Line): void;
  /** Tries once more to pass on what waits. */
  flush(): void;
  /** How many lines wait. */
  length(): number;
};

/** A queue before something that takes a line at a time or says `later`. `dropped` makes the line that tells how many were lost. */
export function createQueuedSink(
  clock: Clock,
  tryWrite: (line: Line) => LineAttempt,
  dropped: (count: number) => string,
  { lines, firstRetryMilliseconds, retryLines } = USUAL_LIMITS,
): LineQueue {
  const queue: Line[] = [];
  let lost = 0;
  let retryMilliseconds = firstRetryMilliseconds / 2;
  let retry: Timer | undefined;
  let isDraining = false;

  function drain(): void {
    // Asked for by what is written to itself.
    if (isDraining) return;
    isDraining = true;
    const hasPassed = passOn();
    isDraining = false;
    retryMilliseconds = hasPassed
      ? firstRetryMilliseconds
      : Math.min(retryMilliseconds * 2, RETRY_MILLISECONDS_MAXIMUM);
    if (queue.length === 0) return;
    retry ??= clock.after(retryMilliseconds, () => {
      retry = undefined;
      drain();
    });
  }

  /** Whether at least one line has gone. */
  function passOn(): boolean {
    let hasPassed = false;
    for (;;) {
      const [line] = queue;
      if (line === undefined) {
        if (lost === 0) return true;
        queue.push(dropped(lost));
        lost = 0;
        continue;
      }
      const attempt = tryWrite(line);
      if (attempt === 'later') return hasPassed;
      if (attempt === 'written') {
        queue.shift();
        hasPassed = true;
      } else {
        queue[0] = attempt.rest;
        return true;
      }
    }
  }

  return {
    write(line) {
      if (queue.length >= lines) {
        lost++;
        return;
      }
      queue.push(line);
      if (retry === undefined || queue.length % retryLines === 0) drain();
    },
    flush: drain,
    length: () => queue.length,
  };
}
