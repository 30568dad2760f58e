// How long an answer is waited for, by a loop that may itself be held up: what is overdue has one more moment, in which
// the loop hears what has come meanwhile.

export type Awaited = {
  /** Monotonic milliseconds, as all moments here. */
  readonly since: number;
  /** When it was found to be overdue. */
  overdueSince: number | undefined;
};

const HEARING_MILLISECONDS = 10;

export function awaitedSince(now: number): Awaited {
  return { since: now, overdueSince: undefined };
}

/** Whether the answer may still come in time. */
export function isInTime(awaited: Awaited, now: number, limitMilliseconds: number): boolean {
  if (now - awaited.since < limitMilliseconds) return true;
  awaited.overdueSince ??= now;
  return now - awaited.overdueSince < HEARING_MILLISECONDS;
}
