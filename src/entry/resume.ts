// An entry as a killed pcheck left it, under the pfile as it is now (SPEC 7). What may be taken up at all is the
// monitor's business.
import type { Pent } from '../pfile/types.ts';
import type { Instant } from '../system/types.ts';
import { firstCheck, recountMilliseconds } from './pace.ts';
import type { CheckState, Entry, ScriptLimit } from './types.ts';

export function resumed(
  state: Omit<Entry, 'pent'>,
  pent: Pent,
  monitorIntervalSeconds: number,
  now: Instant,
): Entry {
  const entry: Entry = { ...state, pent, recountMilliseconds: recountMilliseconds(monitorIntervalSeconds) };
  const { phase } = entry;
  switch (phase.is) {
    case 'watching':
      return { ...entry, phase: { ...phase, check: resumedCheck(entry, phase.check, now) } };
    case 'running':
      return { ...entry, phase: { ...phase, limit: resumedLimit(phase.limit, now) } };
    default:
      return entry;
  }
}

/** Whether the SIGKILL was sent nobody knows: it is sent again. A limit that has passed meanwhile has passed now: nobody held the script up. */
function resumedLimit(limit: ScriptLimit, now: Instant): ScriptLimit {
  if (limit.is === 'killed') return { is: 'terminated', until: now.monotonic };
  return limit.is === 'in-time' ? { ...limit, until: Math.max(limit.until, now.monotonic) } : limit;
}

/** The end of a check that was running is told to nobody: the next one follows at its interval. */
function resumedCheck(entry: Entry, check: CheckState, now: Instant): CheckState {
  if (entry.monitoring === 'off' || entry.pent.check === undefined) return { is: 'none' };
  switch (check.is) {
    case 'waiting':
      return check;
    case 'none':
      return firstCheck(entry, now);
    case 'running':
      return {
        is: 'waiting',
        at: now.monotonic + entry.pent.check.intervalSeconds * 1000,
        fails: check.fails,
      };
    default:
      return check satisfies never;
  }
}
