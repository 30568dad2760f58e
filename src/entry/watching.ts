// What a look changes while the process is watched: its death, its successor, too few or too many processes,
// the end of the grace time, the next stall check (SPEC 4.2, 4.5, 4.7 to 4.9).
import { message } from '../log/catalogue.ts';
import { sameProcess } from '../process/types.ts';
import type { Instant } from '../system/types.ts';
import { startCheck } from './check.ts';
import { checkAt, graceEnd, recountAt } from './pace.ts';
import { died, up } from './restart.ts';
import { logged, then, unchanged, withEffects } from './steps.ts';
import type { Entry, Observation, Phase, Step } from './types.ts';

type Watching = Extract<Phase, { is: 'watching' }>;

export function observeWatching(entry: Entry, phase: Watching, seen: Observation, now: Instant): Step {
  const { match } = seen;
  // A pidfile may move the watch while the held process lives; else only its death does.
  const mayMove = !seen.heldIsThere || entry.pent.pidfile !== undefined;
  if (match !== undefined && mayMove && !sameProcess(match, phase.process)) {
    return withEffects(cancelled(phase), up(entry, match, now));
  }
  if (seen.count === 0 || (!seen.heldIsThere && seen.count >= entry.pent.minProcCount)) {
    return withEffects(cancelled(phase), gone(entry, seen, now));
  }
  if (seen.count < entry.pent.minProcCount) return tooFew(entry, phase, seen, now);
  // As long as nothing changes it stays the same object, and nothing is recorded of it.
  const enough: Entry =
    phase.fewSince === undefined ? entry : { ...entry, phase: { ...phase, fewSince: undefined } };
  return then(then(countOver(enough, seen), clearAfterGrace, now), checkWhenDue, now);
}

/** What to do about a stall check when its process is not watched any more. */
export function cancelled(phase: Phase): Step['effects'] {
  return phase.is === 'watching' && phase.check.is === 'running' ? [{ type: 'cancel-check' }] : [];
}

function gone(entry: Entry, seen: Observation, now: Instant): Step {
  const { name } = entry.pent;
  const { orphans } = seen;
  const left = orphans === 0 ? [] : logged(entry, message('orphans', { name, orphans })).effects;
  if (seen.heldByEarlierEntry) {
    const shared: Entry = { ...entry, phase: { is: 'absent', because: 'shared' } };
    return withEffects(left, logged(shared, message('down', { name, pid: entry.lastPid })));
  }
  return withEffects(left, died({ ...entry, reason: 'down' }, now));
}

/** Workers are recycled, so too few of them are borne for a moment; none at all are not. */
function tooFew(entry: Entry, phase: Watching, { count }: Observation, now: Instant): Step {
  const due = recountAt(entry);
  if (due === undefined) return unchanged({ ...entry, phase: { ...phase, fewSince: now.monotonic } });
  if (now.monotonic < due) return unchanged(entry);
  const { name, minProcCount } = entry.pent;
  const few = logged(entry, message('tooFew', { name, count, minProcCount }));
  return withEffects([...cancelled(phase), ...few.effects], died({ ...entry, reason: 'too-few' }, now));
}

const OVER_CHECKS = 2;

/** One warning a crossing, when two full checks in a row have seen it. */
function countOver(entry: Entry, { count, isFullCheck }: Observation): Step {
  const { name, maxProcCount } = entry.pent;
  if (maxProcCount === undefined || !isFullCheck) return unchanged(entry);
  const isOver = count > maxProcCount;
  if (!isOver) return unchanged(entry.overChecks === 0 ? entry : { ...entry, overChecks: 0 });
  const overChecks = Math.min(entry.overChecks + 1, OVER_CHECKS + 1);
  const counted: Entry = { ...entry, overChecks };
  return overChecks === OVER_CHECKS
    ? logged(counted, message('tooMany', { name, count, maxProcCount }))
    : unchanged(counted);
}

function clearAfterGrace(entry: Entry, now: Instant): Step {
  const end = graceEnd(entry);
  if (end === undefined || now.monotonic < end) return unchanged(entry);
  const { name, graceSeconds } = entry.pent;
  return logged({ ...entry, retryCount: 0 }, message('retryCleared', { name, graceSeconds }));
}

function checkWhenDue(entry: Entry, now: Instant): Step {
  const at = checkAt(entry);
  return at === undefined || now.monotonic < at ? unchanged(entry) : startCheck(entry);
}
