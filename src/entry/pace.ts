// When an entry wants to be looked at again, apart from the full checks: deadlines, and the growing gaps in
// which a process that is about to appear is looked for (SPEC 4.3).
import type { Instant } from '../system/types.ts';
import type { CheckState, Entry } from './types.ts';

const SHORTEST_GAP_MILLISECONDS = 10;
const GAP_SHARE = 0.1;

/** The next look for something that began at `since`: after 10 ms, or a tenth of the time since then. */
export function nextLook(since: number, now: number): number {
  return now + Math.max(SHORTEST_GAP_MILLISECONDS, (now - since) * GAP_SHARE);
}

/** The monotonic moment at which the entry must be observed at the latest; undefined when only the full checks matter. */
export function deadline(entry: Entry): number | undefined {
  const { phase } = entry;
  switch (phase.is) {
    case 'looking':
    case 'appearing':
      return Math.min(phase.nextLookAt, phase.until);
    case 'delaying':
    case 'holding':
      return phase.until;
    case 'running':
      return 'until' in phase.limit ? phase.limit.until : undefined;
    case 'watching':
      // While too few are there, neither the grace time nor a check is due: only the recount.
      return recountAt(entry) ?? earlier(graceEnd(entry), checkAt(entry));
    case 'absent':
      return undefined;
    default:
      return phase satisfies never;
  }
}

/** Since when what the entry looks for may have been started; undefined when it looks for nothing. */
export function soughtSince({ phase }: Entry): number | undefined {
  switch (phase.is) {
    case 'looking':
    case 'running':
      return phase.since;
    case 'appearing':
      return phase.scriptSince;
    case 'delaying':
    case 'holding':
    case 'watching':
    case 'absent':
      return undefined;
    default:
      return phase satisfies never;
  }
}

/** Whether the look at this moment is the last one before the entry is given up or its script is run. */
export function isLastLook({ phase }: Entry, now: number): boolean {
  switch (phase.is) {
    case 'looking':
    case 'appearing':
    case 'delaying':
    case 'holding':
      return phase.until <= now;
    case 'watching':
    case 'running':
    case 'absent':
      return false;
    default:
      return phase satisfies never;
  }
}

/** When retry_count becomes 0 if nothing breaks the time until then (SPEC 4.5); undefined when it never does. */
export function graceEnd({ phase, pent, retryCount, monitoring }: Entry): number | undefined {
  if (phase.is !== 'watching' || monitoring === 'off') return undefined;
  if (retryCount === 0 || pent.graceSeconds === 0) return undefined;
  return phase.since + pent.graceSeconds * 1000;
}

/** When too few processes are too few for good (SPEC 4.8). */
export function recountAt({ phase, monitoring, recountMilliseconds }: Entry): number | undefined {
  if (phase.is !== 'watching' || monitoring === 'off' || phase.fewSince === undefined) return undefined;
  return phase.fewSince + recountMilliseconds;
}

/** When the next stall check is due (SPEC 4.7). */
export function checkAt({ phase, monitoring }: Entry): number | undefined {
  if (phase.is !== 'watching' || monitoring === 'off' || phase.check.is !== 'waiting') return undefined;
  return phase.check.at;
}

/** The state of the checks of a process that has just come up. */
export function firstCheck({ pent: { check } }: Entry, now: Instant): CheckState {
  if (check === undefined) return { is: 'none' };
  return { is: 'waiting', at: now.monotonic + check.intervalSeconds * 1000, fails: 0 };
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

/** Workers are recycled: too few of them count only after this time (SPEC 4.8). */
export function recountMilliseconds(monitorIntervalSeconds: number): number {
  return Math.min(1, monitorIntervalSeconds) * 1000;
}
