// What a look at the processes changes, phase by phase (SPEC 4.1 to 4.5). Every deadline of an entry comes
// here too: an entry that is due is always looked at first.
import { message } from '../log/catalogue.ts';
import type { Instant } from '../system/types.ts';
import { withScriptOutput } from './output.ts';
import { nextLook } from './pace.ts';
import { failedRestart, proceed, up } from './restart.ts';
import { appearing, upAfterScript } from './script-end.ts';
import { enforceLimit } from './script-limit.ts';
import { logged, unchanged, withEffects } from './steps.ts';
import type { Effect, Entry, Observation, Phase, Step } from './types.ts';
import { cancelled, observeWatching } from './watching.ts';

export function observe(entry: Entry, seen: Observation, now: Instant): Step {
  const { phase } = entry;
  if (entry.monitoring === 'off' && phase.is !== 'running' && phase.is !== 'appearing') {
    return observeUnmonitored(entry, seen);
  }
  switch (phase.is) {
    case 'looking':
      return observeLooking(entry, phase, seen, now);
    case 'watching':
      return observeWatching(entry, phase, seen, now);
    case 'delaying':
    case 'holding':
      // A process that came back by itself is taken on: a second one would do harm.
      if (seen.match !== undefined) return up(entry, seen.match, now);
      return now.monotonic < phase.until ? unchanged(entry) : proceed(entry, now);
    case 'running':
      return observeRunning(entry, phase, seen, now);
    case 'appearing':
      return observeAppearing(entry, phase, seen, now);
    case 'absent':
      if (seen.match !== undefined) return up(entry, seen.match, now);
      // Nobody else restarts it any more.
      if (phase.because === 'shared' && !seen.heldByEarlierEntry) return proceed(entry, now);
      return unchanged(entry);
    default:
      return phase satisfies never;
  }
}

type In<Name extends Phase['is']> = Extract<Phase, { is: Name }>;

function observeUnmonitored(entry: Entry, seen: Observation): Step {
  if (entry.phase.is !== 'watching' || seen.heldIsThere) return unchanged(entry);
  return {
    entry: { ...entry, phase: { is: 'absent', because: 'monitoring-off' } },
    effects: cancelled(entry.phase),
  };
}

function observeLooking(entry: Entry, phase: In<'looking'>, seen: Observation, now: Instant): Step {
  if (seen.match !== undefined) return up(entry, seen.match, now);
  if (now.monotonic < phase.until) {
    return unchanged({ ...entry, phase: { ...phase, nextLookAt: nextLook(phase.since, now.monotonic) } });
  }
  const failed = logged({ ...entry, reason: 'not-found' }, message('setPidFail', { name: entry.pent.name }));
  return withEffects(failed.effects, proceed(failed.entry, now));
}

function observeRunning(entry: Entry, phase: In<'running'>, seen: Observation, now: Instant): Step {
  if (seen.matchIsScript) {
    const became = message('scriptBecameService', { name: entry.pent.name });
    const released: readonly Effect[] = [
      { type: 'release-script', run: phase.run },
      { type: 'log', message: became },
    ];
    const ended = { outcome: 'succeeded', text: 'became the service by exec' } as const;
    // It may be one of several: the others have start_wait to appear.
    return withEffects(
      released,
      seen.match === undefined ? appearing(entry, phase.since, ended, now) : up(entry, seen.match, now),
    );
  }
  const process = seen.heldIsThere ? phase.process : seen.match;
  return enforceLimit({ ...entry, phase: { ...phase, process } }, now);
}

function observeAppearing(entry: Entry, phase: In<'appearing'>, seen: Observation, now: Instant): Step {
  if (seen.match !== undefined) return upAfterScript(entry, seen.match, phase.ended, now);
  if (now.monotonic < phase.until) {
    const nextLookAt = nextLook(phase.scriptSince, now.monotonic);
    return unchanged({ ...entry, phase: { ...phase, nextLookAt } });
  }
  const failed = failedRestart(entry, `the script ${phase.ended.text}, and ${missing(entry)}`, now);
  // What a script that failed wrote is in the log since its end.
  return phase.ended.outcome === 'succeeded' ? withScriptOutput(failed, entry.restartCount) : failed;
}

/** Why nothing has appeared: one that hangs is no successor of its own, though it matches (SPEC 4.7). */
function missing({ pent, stalled }: Entry): string {
  const text = `no process that matches appeared within ${pent.startWaitSeconds} s`;
  return stalled === undefined ? text : `${text} (pid ${stalled.pid}, which hangs, does not count)`;
}
