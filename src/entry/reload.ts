// What a reload changes in an entry that is the same as before: its values count from the next decision, its
// process, state and counters stay (SPEC 4.11).
import type { Pent } from '../pfile/types.ts';
import type { Instant } from '../system/types.ts';
import { firstCheck, recountMilliseconds } from './pace.ts';
import { unchanged } from './steps.ts';
import type { Entry, Step } from './types.ts';
import { cancelled } from './watching.ts';

export function reloaded(entry: Entry, pent: Pent, monitorIntervalSeconds: number, now: Instant): Step {
  const next: Entry = { ...entry, pent, recountMilliseconds: recountMilliseconds(monitorIntervalSeconds) };
  const { phase } = next;
  const isSameCheck = JSON.stringify(pent.check) === JSON.stringify(entry.pent.check);
  if (phase.is !== 'watching' || isSameCheck) return unchanged(next);
  const check = next.monitoring === 'on' ? firstCheck(next, now) : ({ is: 'none' } as const);
  return { entry: { ...next, phase: { ...phase, check } }, effects: cancelled(phase) };
}
