// Keeps the verdict file: what the manager reads, and the stamp by which it sees that the monitoring loop lives.
// The loop's own pulse sets the stamp, so that a pcheck that hangs or is dead lets the verdict become stale.

import { formatIpckey } from '../control/question.ts';
import { isSettled } from '../entry/summary.ts';
import type { Entry } from '../entry/types.ts';
import {
  FAILED_ITSELF,
  failedBy,
  STARTING,
  STOPPED,
  type Verdict,
  type VerdictStamp,
  verdictOn,
  verdictText,
} from '../entry/verdict.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { Pulse } from '../monitor/pulse.ts';
import { errorCode } from '../system/errors.ts';
import type { VerdictFile } from '../system/real/verdict-file.ts';
import { EXIT } from './exit.ts';

export type VerdictKeeper = {
  readonly pulse: Pulse;
  /** Makes the file, and has the link made that leads to it. */
  begin(): void;
  update(entries: readonly Entry[]): void;
  /** This entry's retry-over ends pcheck. */
  failed(entry: Entry): void;
  /** pcheck ends with this status. The last verdict stays. */
  end(status: number): void;
};

export type VerdictParts = {
  readonly file: VerdictFile;
  readonly log: Log;
  readonly pid: number;
  ipckey(): number;
  /** On the clock of /proc/uptime. */
  uptimeSeconds(): number;
  /** Asked for at every stamp, since a reload may change it. */
  monitorIntervalSeconds(): number;
  /** Runs it when the turn of the loop is done: the beat comes before the restarts of the turn. */
  putOff(task: () => void): void;
};

export function createVerdictKeeper(parts: VerdictParts): VerdictKeeper {
  const { file, log, pid } = parts;
  let verdict = STARTING;
  let stamp: VerdictStamp | undefined;
  let nextAt = -Infinity;
  const failures = new Map<string, string | undefined>();

  /** Without descriptors or memory there is none; the old one becomes stale, and what is decided is told all the same. */
  function renewStamp(): void {
    try {
      stamp = newStamp();
      warnOnce('/proc/uptime', undefined);
    } catch (error) {
      warnOnce('/proc/uptime', errorCode(error));
    }
  }

  function newStamp(): VerdictStamp {
    const atSeconds = parts.uptimeSeconds();
    const valid = Math.max(
      PERIODS_VALID * periodSeconds(parts.monitorIntervalSeconds()),
      LEAST_VALID_SECONDS,
    );
    return { atSeconds, untilSeconds: atSeconds + valid, pid, ipckey: formatIpckey(parts.ipckey()) };
  }

  function write(): void {
    if (stamp === undefined) return;
    warnOnce(file.path, file.write(verdictText(verdict, stamp)));
  }

  function warnOnce(path: string, error: string | undefined): void {
    if (error !== undefined && error !== failures.get(path)) {
      log.write(message('verdictFailed', { file: path, error }));
    }
    failures.set(path, error);
  }

  function decide(next: Verdict): void {
    verdict = next;
    renewStamp();
    write();
  }

  return {
    pulse: {
      beat(now) {
        const period = periodSeconds(parts.monitorIntervalSeconds()) * 1000;
        if (now < nextAt - period * EARLY_SHARE) return;
        nextAt = now + period;
        renewStamp();
        parts.putOff(write);
      },
      nextAt: () => nextAt,
    },
    begin() {
      decide(STARTING);
      file.makeLink((error) => warnOnce(file.link, error));
    },
    update(entries) {
      if (verdict.is === 'starting' && !(entries.length > 0 && entries.every(isSettled))) return;
      const next = verdictOn(entries);
      if (next.is === verdict.is && next.reason === verdict.reason) return;
      // With the stamp of the last beat: a loop that is told of things but does not turn by itself is not alive.
      verdict = next;
      write();
    },
    failed: (entry) => decide(failedBy(entry)),
    end(status) {
      if (status === EXIT.done) decide(STOPPED);
      else if (status !== EXIT.retryOver) decide(FAILED_ITSELF);
    },
  };
}

const LONGEST_PERIOD_SECONDS = 10;
const SHORTEST_PERIOD_SECONDS = 1;
/** After so many periods without a new stamp pcheck is dead or hangs. */
const PERIODS_VALID = 3;
const LEAST_VALID_SECONDS = 5;
/** A turn that comes a little before the stamp is due sets it: one wake-up less. */
const EARLY_SHARE = 0.25;

/** An even part of MONITOR_INTERVAL, so that stamps fall together with full checks. */
function periodSeconds(monitorIntervalSeconds: number): number {
  const parts = Math.ceil(monitorIntervalSeconds / LONGEST_PERIOD_SECONDS);
  return Math.max(monitorIntervalSeconds / parts, SHORTEST_PERIOD_SECONDS);
}
