// What others are told of one entry: the values that padmin shows, with the deadlines of its inner state as
// moments of the wall clock.
import type { Instant } from '../system/types.ts';
import { checkAt, graceEnd } from './pace.ts';
import type { EntryReport } from './snapshot.ts';
import { STATUS_OF } from './states.ts';
import type { Entry, Phase } from './types.ts';
import { wordingOf } from './wording.ts';

export function reportEntry(entry: Entry, matchingPids: number[], now: Instant): EntryReport {
  const { pent, phase } = entry;
  const status = STATUS_OF[phase.is];
  return {
    pentId: pent.id,
    name: pent.name,
    pid: 'process' in phase ? (phase.process?.pid ?? 0) : 0,
    retryCount: entry.retryCount,
    restartCount: entry.restartCount,
    status,
    retryOverAction: pent.action,
    rerunAt: entry.rerunAt ?? null,
    includeStrings: pent.includeStrings.join('&'),
    monitoring: entry.monitoring,
    phase: phase.is,
    reason: wordingOf(entry).sentence,
    phaseEndsAt: onTheWall(phaseEnd(phase), now),
    restartReason: status === 'RESTART' ? entry.reason : null,
    matchingPids,
    availSince: onTheWall(phase.is === 'watching' ? phase.since : undefined, now),
    retry: pent.retry,
    graceSeconds: pent.graceSeconds,
    graceEndsAt: onTheWall(graceEnd(entry), now),
    checkFails: phase.is === 'watching' && phase.check.is !== 'none' ? phase.check.fails : null,
    nextCheckAt: onTheWall(checkAt(entry), now),
  };
}

function phaseEnd(phase: Phase): number | undefined {
  switch (phase.is) {
    case 'looking':
    case 'delaying':
    case 'holding':
    case 'appearing':
      return phase.until;
    case 'running':
      return 'until' in phase.limit ? phase.limit.until : undefined;
    case 'watching':
    case 'absent':
      return undefined;
    default:
      return phase satisfies never;
  }
}

function onTheWall(monotonic: number | undefined, now: Instant): number | null {
  return monotonic === undefined ? null : Math.round(now.wall + monotonic - now.monotonic);
}
