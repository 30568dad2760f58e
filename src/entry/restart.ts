// From a death to its restart or to the end of the retries (SPEC 4.2 to 4.4), and the way back up. The
// callers have looked at the processes already.
import { message } from '../log/catalogue.ts';
import type { ProcessId } from '../process/types.ts';
import type { Instant } from '../system/types.ts';
import { firstCheck } from './pace.ts';
import { logged, unchanged, withEffects } from './steps.ts';
import type { Entry, LastCommand, Step } from './types.ts';

/** The process is there: watched from now on, and the grace time begins anew. */
export function up(entry: Entry, { pid, startTicks }: ProcessId, now: Instant): Step {
  const process = { pid, startTicks };
  return logged(
    {
      ...entry,
      lastPid: pid,
      stalled: undefined,
      overChecks: 0,
      phase: {
        is: 'watching',
        process,
        since: now.monotonic,
        fewSince: undefined,
        check: firstCheck(entry, now),
      },
    },
    message('up', { name: entry.pent.name, pid }),
  );
}

/** The process is gone and nothing else matches. */
export function died(entry: Entry, now: Instant): Step {
  const { name, restartDelaySeconds } = entry.pent;
  const down = logged(entry, message('down', { name, pid: entry.lastPid }));
  if (restartDelaySeconds === 0) return withEffects(down.effects, proceed(entry, now));
  const until = now.monotonic + restartDelaySeconds * 1000;
  const postponed = message('restartPostponed', {
    name,
    waitSeconds: restartDelaySeconds,
    reason: 'restart_delay',
  });
  return withEffects(down.effects, logged({ ...entry, phase: { is: 'delaying', until } }, postponed));
}

/** A restart that did not bring the process back: as a death, unless monitoring was turned off meanwhile. */
export function failedRestart(entry: Entry, reason: string, now: Instant): Step {
  const failed = logged(entry, message('restartFailed', { name: entry.pent.name, reason }));
  if (entry.monitoring === 'off') {
    return withEffects(
      failed.effects,
      unchanged({ ...entry, phase: { is: 'absent', because: 'monitoring-off' } }),
    );
  }
  return withEffects(failed.effects, died(entry, now));
}

/** What comes after Down and its delay: retry-over, a wait for restart_interval, or the script. */
export function proceed(entry: Entry, now: Instant): Step {
  const { name, retry, restartIntervalSeconds } = entry.pent;
  if (entry.retryCount >= retry) return retryOver(entry);
  const allowedAt = (entry.lastRunAt ?? Number.NEGATIVE_INFINITY) + restartIntervalSeconds * 1000;
  if (entry.retryCount === 0 || now.monotonic >= allowedAt) return runScript(entry, now);
  const waitSeconds = Math.round((allowedAt - now.monotonic) / 100) / 10;
  return logged(
    { ...entry, phase: { is: 'holding', until: allowedAt } },
    message('restartPostponed', { name, waitSeconds, reason: 'restart_interval' }),
  );
}

function runScript(entry: Entry, now: Instant): Step {
  const { name, restartTimeoutSeconds } = entry.pent;
  const run = entry.restartCount + 1;
  const since = now.monotonic;
  return {
    entry: {
      ...entry,
      retryCount: entry.retryCount + 1,
      restartCount: run,
      rerunAt: now.wall,
      lastRunAt: since,
      phase: {
        is: 'running',
        run,
        since,
        process: undefined,
        limit:
          restartTimeoutSeconds === 0
            ? { is: 'none' }
            : { is: 'in-time', until: since + restartTimeoutSeconds * 1000 },
      },
    },
    effects: [
      { type: 'log', message: message('tryRestart', { name }) },
      { type: 'run-script', run },
    ],
  };
}

/** All retries are used up: what ACTION says. */
export function retryOver(entry: Entry): Step {
  const { name, action, retryOverCommand } = entry.pent;
  const over: Entry = { ...entry, phase: { is: 'absent', because: 'retry-over' } };
  const first: readonly LastCommand[] = retryOverCommand === undefined ? [] : ['retry-over'];
  switch (action) {
    case 'exit':
      return {
        entry: over,
        effects: [
          { type: 'log', message: message('retryOverExit', { name }) },
          { type: 'log', message: message('fatal', { name }) },
          { type: 'end', status: 1, after: first },
        ],
      };
    case 'shutdown':
      return {
        entry: over,
        effects: [
          { type: 'log', message: message('retryOverShutdown', { name }) },
          { type: 'end', status: 1, after: [...first, 'shutdown'] },
        ],
      };
    case 'continue':
      return {
        entry: over,
        effects: [
          { type: 'log', message: message('retryOverContinue', { name }) },
          ...first.map((command) => ({ type: 'run-command', command }) as const),
        ],
      };
    default:
      return action satisfies never;
  }
}
