// How long the turns of the loop are, less the time that they wait for a CPU: the longest ones for `show param`, and a
// warning of one that has held everything up (SPEC 6).
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { Pulse } from '../monitor/pulse.ts';
import type { Clock } from '../system/types.ts';

export type Turns = {
  /** Something is done in this turn of the loop. */
  begin(): void;
  /** For the monitor: its turns begin. */
  readonly pulse: Pulse;
  longest(): LongestTurns;
};

/** Milliseconds. */
export type LongestTurns = { readonly lastHour: number; readonly sinceStart: number };

export type TurnParts = {
  readonly clock: Clock;
  /** Milliseconds for which this thread has waited for a CPU so far. */
  cpuWait(): number;
  readonly log: Log;
};

const WARNING_MILLISECONDS = 1000;
const MINUTE_MILLISECONDS = 60_000;
const HOUR_MINUTES = 60;

export function createTurns({ clock, cpuWait, log }: TurnParts): Turns {
  /** The longest one of each of the last sixty minutes that had one. */
  let minutes: readonly { readonly minute: number; readonly longest: number }[] = [];
  let sinceStart = 0;
  let warnedAt: number | undefined;
  let isOpen = false;

  function end(beganAt: number, waitBefore: number): void {
    isOpen = false;
    const now = clock.now().monotonic;
    const milliseconds = Math.max(now - beganAt - (cpuWait() - waitBefore), 0);
    note(milliseconds, now);
    if (milliseconds > WARNING_MILLISECONDS) warn(milliseconds, now);
  }

  function note(milliseconds: number, now: number): void {
    const minute = minuteOf(now);
    const before = minutes.at(-1);
    sinceStart = Math.max(sinceStart, milliseconds);
    if (before?.minute === minute && before.longest >= milliseconds) return;
    const others = minutes.filter((other) => other.minute !== minute && isOfLastHour(other.minute, now));
    minutes = [...others, { minute, longest: milliseconds }];
  }

  function warn(milliseconds: number, now: number): void {
    if (warnedAt !== undefined && now - warnedAt < HOUR_MINUTES * MINUTE_MILLISECONDS) return;
    warnedAt = now;
    log.write(message('longTurn', { seconds: Math.round(milliseconds / 100) / 10 }));
  }

  function begin(): void {
    if (isOpen) return;
    isOpen = true;
    const beganAt = clock.now().monotonic;
    const waitBefore = cpuWait();
    // What comes at once behind it belongs to it: nothing else is heard before.
    clock.after(0, () => void clock.after(0, () => end(beganAt, waitBefore)));
  }

  return {
    begin,
    pulse: { beat: begin, nextAt: () => Number.POSITIVE_INFINITY },
    longest() {
      const now = clock.now().monotonic;
      const ofLastHour = minutes.filter(({ minute }) => isOfLastHour(minute, now));
      return { lastHour: Math.max(0, ...ofLastHour.map(({ longest }) => longest)), sinceStart };
    },
  };
}

function minuteOf(now: number): number {
  return Math.floor(now / MINUTE_MILLISECONDS);
}

function isOfLastHour(minute: number, now: number): boolean {
  return minute > minuteOf(now) - HOUR_MINUTES;
}
