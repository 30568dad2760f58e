// The life of an entry as one pure function: what is, what happened, what time it is → what is now, and what
// is to be done (SPEC 4). No clock, no timer, no I/O: deadlines are data, and a look at the processes comes
// with the event.
import type { Pent } from '../pfile/types.ts';
import type { Instant } from '../system/types.ts';
import { checkEnded } from './check.ts';
import { reset, start, stop } from './commands.ts';
import { observe } from './observe.ts';
import { nextLook, recountMilliseconds } from './pace.ts';
import { reloaded } from './reload.ts';
import { retryOver } from './restart.ts';
import { scriptEnded } from './script-end.ts';
import type { Entry, EntryEvent, Step } from './types.ts';

export function transition(entry: Entry, event: EntryEvent, now: Instant): Step {
  switch (event.type) {
    case 'observed':
      return observe(entry, event.observation, now);
    case 'script-ended':
      return scriptEnded(entry, event.run, event.result, event.observation, now);
    case 'check-ended':
      return checkEnded(entry, event.check, event.result, now);
    case 'over-before':
      return retryOver(entry);
    case 'reloaded':
      return reloaded(entry, event.pent, event.monitorIntervalSeconds, now);
    case 'stop':
      return stop(entry);
    case 'start':
      return start(entry, event.observation, now);
    case 'reset':
      return reset(entry, event.observation, now);
    default:
      return event satisfies never;
  }
}

/** An entry at its beginning: looked for during start_wait (SPEC 4.1). */
export function newEntry(pent: Pent, monitorIntervalSeconds: number, now: Instant): Entry {
  const since = now.monotonic;
  return {
    pent,
    phase: {
      is: 'looking',
      since,
      until: since + pent.startWaitSeconds * 1000,
      nextLookAt: nextLook(since, since),
    },
    monitoring: 'on',
    retryCount: 0,
    restartCount: 0,
    rerunAt: undefined,
    lastRunAt: undefined,
    lastPid: 0,
    reason: 'not-found',
    stalled: undefined,
    overChecks: 0,
    recountMilliseconds: recountMilliseconds(monitorIntervalSeconds),
    checks: 0,
  };
}
