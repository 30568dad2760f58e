// What the oracle knows of one entry: told from log lines, starts of scripts and the truth of the world alone.
import type { Pent } from '../../../src/pfile/types.ts';
import type { Being } from '../population.ts';

/** What a dead process left: what its workers are known by, and how young it had to be for them to be the service. */
export type Left = {
  readonly image: number;
  /** NaN: pcheck may not know of it. */
  readonly noticedAt: number;
  readonly startWaitSeconds: number;
  /** A stall is its death, though it lives on. */
  readonly stalledAt?: number | undefined;
};

export type Tracked = {
  pent: Pent;
  /** NAME and matching options: an entry with other ones is another entry (SPEC 4.11). */
  readonly identity: string;
  status: 'INIT' | 'AVAIL' | 'RESTART' | 'UNAVAIL';
  isOn: boolean;
  retryCount: number;
  restartCount: number;
  held: Being | undefined;
  /** The processes that were held and died, and when that was noticed. */
  readonly dead: Map<Being, Left>;
  heldImage: number;
  /** Since when the held process has been gone, or too few have been there. */
  goneSince: number | undefined;
  /** A reload has changed start_wait since: of which value its workers are, pcheck alone knows. */
  isLeavingUnsure: boolean;
  fewSince: number | undefined;
  /** Fewer than min_proc_count were there for certain: neither the grace time nor a check is looked after. */
  lastFewAt: number;
  graceFrom: number;
  lastRunAt: number | undefined;
  /** Something has to be logged of it by then. */
  actsBy: number;
  lookedForSince: number;
  timedOutAt: number | undefined;
  killedAt: number | undefined;
  checkFails: number;
  checkedAt: number;
  /** Told of this turn: what a Down is due to. */
  stalledAt: number | undefined;
  stalled: Being | undefined;
  failedAt: number | undefined;
  startedAt: number;
  overAt: number;
  limitAt: number;
  /** It may come as late as that, since pcheck was held up. */
  limitPutOffTo: number;
  startWaitAtFirst: number;
  /** A killed pcheck had decided to end because of it. */
  wasEnding: boolean;
  /** An entry before it held its process too, and restarts it. */
  isLeftToAnother: boolean;
  /** Its state is to be taken as it is shown next. */
  isStatusUnsure: boolean;
  downAt: number | undefined;
  triedAt: number | undefined;
  resetAt: number | undefined;
  /** The tokens of all that was started for it. */
  readonly starts: Set<string>;
  /** A start of its script was given up, and does not end. */
  hasStuckStart: boolean;
  readonly scripts: Set<Being>;
  /** The record of a killed pcheck has a script in progress that may not have come to its start. */
  mayHaveScript: boolean;
  readonly checks: Set<Being>;
  /** The script that ran when a reload removed the entry: its end has to be told. */
  leftRunning: Being | undefined;
  /** Its counters are to be taken as they are shown next, for the named reason. */
  unsure: string | undefined;
};

export function newTracked(pent: Pent, now: number): Tracked {
  return {
    pent,
    identity: identityOf(pent),
    status: 'INIT',
    isOn: true,
    retryCount: 0,
    restartCount: 0,
    held: undefined,
    dead: new Map(),
    heldImage: 0,
    goneSince: undefined,
    isLeavingUnsure: false,
    fewSince: undefined,
    lastFewAt: -Infinity,
    graceFrom: now,
    lastRunAt: undefined,
    actsBy: now + pent.startWaitSeconds * 1000,
    lookedForSince: now,
    timedOutAt: undefined,
    killedAt: undefined,
    checkFails: 0,
    checkedAt: now,
    stalledAt: undefined,
    stalled: undefined,
    failedAt: undefined,
    startedAt: -1,
    overAt: -1,
    limitAt: Infinity,
    limitPutOffTo: -Infinity,
    startWaitAtFirst: pent.startWaitSeconds,
    isStatusUnsure: false,
    wasEnding: false,
    isLeftToAnother: false,
    downAt: undefined,
    triedAt: undefined,
    resetAt: undefined,
    starts: new Set(),
    hasStuckStart: false,
    scripts: new Set(),
    mayHaveScript: false,
    checks: new Set(),
    leftRunning: undefined,
    unsure: undefined,
  };
}

export function identityOf(pent: Pent): string {
  const { name, includeStrings, excludeStrings, uid, exe, pidfile, containers } = pent;
  const strings = [includeStrings, excludeStrings].map((list) => [...list].sort().join('&'));
  return [name, ...strings, uid ?? '', exe ?? '', pidfile ?? '', containers].join(' | ');
}

/** When the next script may start at the earliest, once its entry is down (SPEC 2, restart_interval). */
export function intervalEnd({ pent, lastRunAt, retryCount }: Tracked): number {
  if (retryCount === 0 || lastRunAt === undefined) return 0;
  return lastRunAt + pent.restartIntervalSeconds * 1000;
}
