// padmin's stop, start and reset for one entry (SPEC 4.10). A script in progress goes on in each case.
import { message } from '../log/catalogue.ts';
import type { Instant } from '../system/types.ts';
import { firstCheck } from './pace.ts';
import { died, proceed, up } from './restart.ts';
import { logged, unchanged, withEffects } from './steps.ts';
import type { Entry, Observation, Step } from './types.ts';
import { cancelled } from './watching.ts';

export function stop(entry: Entry): Step {
  if (entry.monitoring === 'off') return unchanged(entry);
  const { phase } = entry;
  const off: Entry = { ...entry, monitoring: 'off', stalled: undefined };
  const text = message('monitoringStopped', { name: entry.pent.name });
  switch (phase.is) {
    case 'looking':
    case 'delaying':
    case 'holding':
      return logged({ ...off, phase: { is: 'absent', because: 'monitoring-off' } }, text);
    case 'watching':
      return withEffects(
        cancelled(phase),
        logged({ ...off, phase: { ...phase, fewSince: undefined, check: { is: 'none' } } }, text),
      );
    case 'running':
    case 'appearing':
    case 'absent':
      return logged(off, text);
    default:
      return phase satisfies never;
  }
}

export function start(entry: Entry, seen: Observation, now: Instant): Step {
  if (entry.monitoring === 'on') return unchanged(entry);
  const { phase } = entry;
  const on: Entry = { ...entry, monitoring: 'on' };
  const resumed = logged(on, message('monitoringStarted', { name: entry.pent.name }));
  if (phase.is === 'running' || phase.is === 'appearing') return resumed;
  if (phase.is === 'watching' && seen.heldIsThere) {
    // The time without monitoring breaks the grace time (SPEC 4.5).
    const check = firstCheck(on, now);
    return { entry: { ...on, phase: { ...phase, since: now.monotonic, check } }, effects: resumed.effects };
  }
  if (seen.match !== undefined) return withEffects(resumed.effects, up(on, seen.match, now));
  if (phase.is === 'absent' && phase.because === 'shared') return resumed;
  if (seen.heldByEarlierEntry) {
    return { entry: { ...on, phase: { is: 'absent', because: 'shared' } }, effects: resumed.effects };
  }
  return withEffects(resumed.effects, died({ ...on, reason: 'down' }, now));
}

/** `retry_count` = 0 in every state; an entry that was given up is looked at at once (SPEC 6). */
export function reset(entry: Entry, seen: Observation, now: Instant): Step {
  const { phase } = entry;
  const done = logged({ ...entry, retryCount: 0 }, message('retryReset', { name: entry.pent.name }));
  if (phase.is !== 'absent' || entry.monitoring === 'off') return done;
  if (seen.match !== undefined) return withEffects(done.effects, up(done.entry, seen.match, now));
  if (phase.because === 'shared') return done;
  return withEffects(done.effects, proceed(done.entry, now));
}
