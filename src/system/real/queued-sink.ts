// A bounded queue before something that takes a line at a time or says `later`: a reader that is stuck fills it,
// then lines are dropped and counted (SPEC 5). What the lines go to is decided in sinks.ts.
import type { Attempt, Clock, LineSink, Timer } from '../types.ts';

/** A death of each of a thousand entries tells some three thousand lines at once. */
const QUEUE_LINES = 4096;
const RETRY_MILLISECONDS = 200;
const RETRY_MILLISECONDS_MAXIMUM = 3200;

/** How one attempt to pass on a line ended; `later` keeps it queued, `rest` is what did not go out of it. */
export type LineAttempt = Attempt | { readonly rest: string };

/** A queue before something that takes a line at a time or says `later`. `dropped` makes the line that tells how many were lost. */
export function createQueuedSink(
  clock: Clock,
  tryWrite: (line: string) => LineAttempt,
  dropped: (count: number) => string,
): LineSink {
  const queue: string[] = [];
  let lost = 0;
  let retryMilliseconds = RETRY_MILLISECONDS / 2;
  let retry: Timer | undefined;

  function drain(): void {
    const before = queue.length;
    let attempt: LineAttempt = 'written';
    while (queue.length > 0 && attempt === 'written') {
      attempt = tryWrite(queue[0] ?? '');
      if (attempt === 'written') queue.shift();
      else if (attempt !== 'later') queue[0] = attempt.rest;
    }
    if (queue.length === 0 && lost > 0 && tryWrite(dropped(lost)) === 'written') lost = 0;
    retryMilliseconds =
      queue.length < before
        ? RETRY_MILLISECONDS
        : Math.min(retryMilliseconds * 2, RETRY_MILLISECONDS_MAXIMUM);
    if (queue.length > 0 || lost > 0) {
      retry ??= clock.after(retryMilliseconds, () => {
        retry = undefined;
        drain();
      });
    }
  }

  return {
    write(line) {
      if (queue.length >= QUEUE_LINES) {
        lost++;
        return;
      }
      queue.push(line);
      if (retry === undefined) drain();
    },
    flush: drain,
  };
}
