// The time limit of a restart script: restart_timeout, SIGTERM, ten seconds later SIGKILL (SPEC 4.3), and what is
// told when not even that ends it. Which processes of the script's group get the signal is the monitor's business.
import { message } from '../log/catalogue.ts';
import type { Instant } from '../system/types.ts';
import { logged, unchanged } from './steps.ts';
import type { Entry, Phase, Step } from './types.ts';

const TERM_TO_KILL_SECONDS = 10;
const KILL_TO_END_SECONDS = 10;
/** Who comes so late was stopped, or the machine was: the script may have been too. */
const HELD_UP_MILLISECONDS = 1000;

export function enforceLimit(entry: Entry, now: Instant): Step {
  const { phase, pent } = entry;
  if (phase.is !== 'running') return unchanged(entry);
  const { limit, run } = phase;
  switch (limit.is) {
    case 'none':
    case 'unkillable':
      return unchanged(entry);
    case 'in-time': {
      if (now.monotonic < limit.until) return unchanged(entry);
      const lost = now.monotonic - limit.until;
      if (lost < HELD_UP_MILLISECONDS) return terminate(entry, phase, now);
      const until = now.monotonic + Math.min(lost, pent.restartTimeoutSeconds * 1000);
      return unchanged({ ...entry, phase: { ...phase, limit: { is: 'put-off', until } } });
    }
    case 'put-off':
      return now.monotonic < limit.until ? unchanged(entry) : terminate(entry, phase, now);
    case 'terminated': {
      if (now.monotonic < limit.until) return unchanged(entry);
      const until = now.monotonic + KILL_TO_END_SECONDS * 1000;
      const text = message('scriptKilled', { name: pent.name, graceSeconds: TERM_TO_KILL_SECONDS });
      return {
        entry: { ...entry, phase: { ...phase, limit: { is: 'killed', until } } },
        effects: [
          { type: 'log', message: text },
          { type: 'signal-script', run, signal: 'SIGKILL' },
        ],
      };
    }
    case 'killed': {
      // The entry goes on waiting: a second script beside one that may still do its work would do harm.
      if (now.monotonic < limit.until) return unchanged(entry);
      const text = message('scriptUnkillable', { name: pent.name, waitSeconds: KILL_TO_END_SECONDS });
      return logged({ ...entry, phase: { ...phase, limit: { is: 'unkillable' } } }, text);
    }
    default:
      return limit satisfies never;
  }
}

function terminate(entry: Entry, phase: Extract<Phase, { is: 'running' }>, now: Instant): Step {
  const { name, restartTimeoutSeconds } = entry.pent;
  const until = now.monotonic + TERM_TO_KILL_SECONDS * 1000;
  const text = message('scriptTimeout', { name, timeoutSeconds: restartTimeoutSeconds });
  return {
    entry: { ...entry, phase: { ...phase, limit: { is: 'terminated', until } } },
    effects: [
      { type: 'log', message: text },
      { type: 'signal-script', run: phase.run, signal: 'SIGTERM' },
    ],
  };
}
