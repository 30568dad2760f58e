// What the end of a restart script means: its status alone never says that the service is up, the presence
// of the process does (SPEC 4.3).
import { message } from '../log/catalogue.ts';
import type { ProcessId } from '../process/types.ts';
import type { Instant } from '../system/types.ts';
import { withScriptOutput } from './output.ts';
import { nextLook } from './pace.ts';
import { failedRestart, up } from './restart.ts';
import { logged, unchanged, withEffects } from './steps.ts';
import type { Entry, Observation, ScriptLimit, ScriptResult, Step } from './types.ts';

export function scriptEnded(
  entry: Entry,
  run: number,
  result: ScriptResult,
  seen: Observation,
  now: Instant,
): Step {
  const { phase, pent } = entry;
  if (phase.is !== 'running' || phase.run !== run) return unchanged(entry);
  const ended: ScriptResult = ENDED_BY_US.includes(phase.limit.is)
    ? { outcome: 'timed-out', text: `was ended after ${pent.restartTimeoutSeconds} s (restart_timeout)` }
    : result;
  if (seen.match !== undefined) {
    const step = upAfterScript(entry, seen.match, ended, now);
    return isComplaint(ended) ? withScriptOutput(step, run) : step;
  }
  if (ended.outcome === 'unspawnable') return failedRestart(entry, `the script ${ended.text}`, now);
  const waiting = appearing(entry, phase.since, ended, now);
  if (ended.outcome === 'succeeded') return waiting;
  const { name, startWaitSeconds } = pent;
  const failed = message('scriptFailed', { name, reason: ended.text, startWaitSeconds });
  return withScriptOutput(logged(waiting.entry, failed), run);
}

/** The script is over: the process has start_wait to appear. */
export function appearing(entry: Entry, scriptSince: number, ended: ScriptResult, now: Instant): Step {
  const until = now.monotonic + entry.pent.startWaitSeconds * 1000;
  const nextLookAt = nextLook(scriptSince, now.monotonic);
  return unchanged({ ...entry, phase: { is: 'appearing', scriptSince, until, nextLookAt, ended } });
}

const ENDED_BY_US: readonly ScriptLimit['is'][] = ['terminated', 'killed', 'unkillable'];

/** The process is there; a script that complained all the same is warned of. */
export function upAfterScript(entry: Entry, match: ProcessId, ended: ScriptResult, now: Instant): Step {
  const step = up(entry, match, now);
  if (!isComplaint(ended)) return step;
  const warning = message('scriptFailedButUp', { name: entry.pent.name, reason: ended.text });
  return withEffects([{ type: 'log', message: warning }], step);
}

function isComplaint({ outcome }: ScriptResult): boolean {
  return outcome !== 'succeeded' && outcome !== 'unknown';
}
