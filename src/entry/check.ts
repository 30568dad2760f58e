// The stall check: a live process whose check fails so many times in a row counts as down (SPEC 4.7). What the
// check runs, and its time limit, are the monitor's business.
import { message } from '../log/catalogue.ts';
import type { Instant } from '../system/types.ts';
import { withCheckOutput } from './output.ts';
import { died } from './restart.ts';
import { logged, unchanged, withEffects } from './steps.ts';
import type { CheckResult, Entry, Step } from './types.ts';

export function startCheck(entry: Entry): Step {
  const { phase } = entry;
  if (phase.is !== 'watching' || phase.check.is !== 'waiting') return unchanged(entry);
  const check = entry.checks + 1;
  return {
    entry: {
      ...entry,
      checks: check,
      phase: { ...phase, check: { is: 'running', check, fails: phase.check.fails } },
    },
    effects: [{ type: 'run-check', check }],
  };
}

export function checkEnded(entry: Entry, check: number, result: CheckResult, now: Instant): Step {
  const { phase, pent } = entry;
  if (phase.is !== 'watching' || phase.check.is !== 'running' || phase.check.check !== check) {
    return unchanged(entry);
  }
  if (pent.check === undefined) return unchanged({ ...entry, phase: { ...phase, check: { is: 'none' } } });
  const at = now.monotonic + pent.check.intervalSeconds * 1000;
  const { name } = pent;
  switch (result.outcome) {
    case 'passed':
      return unchanged({ ...entry, phase: { ...phase, check: { is: 'waiting', at, fails: 0 } } });
    case 'not-run': {
      // It says nothing of the process, so it neither counts nor clears.
      const { fails } = phase.check;
      const waiting: Entry = { ...entry, phase: { ...phase, check: { is: 'waiting', at, fails } } };
      return logged(waiting, message('checkNotRun', { name, reason: result.text }));
    }
    case 'failed': {
      const fails = phase.check.fails + 1;
      const waiting: Entry = { ...entry, phase: { ...phase, check: { is: 'waiting', at, fails } } };
      const limit = pent.check.fails;
      const failed = logged(waiting, message('checkFailed', { name, fails, limit, reason: result.text }));
      if (fails < limit) return withCheckOutput(failed);
      const stalled: Entry = { ...waiting, reason: 'stall', stalled: phase.process };
      return withCheckOutput(withEffects(failed.effects, died(stalled, now)));
    }
    default:
      return result.outcome satisfies never;
  }
}
