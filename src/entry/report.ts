// What an entry looks like from outside: the values that padmin shows, with nothing of the inner state but a
// sentence about it.

import type { ProcessStatus } from './states.ts';
import { STATUS_OF } from './states.ts';
import type { Entry } from './types.ts';

/** `rerunAt` is epoch milliseconds. */
export type EntryReport = {
  readonly pentId: number;
  readonly name: string;
  readonly pid: number;
  readonly retryCount: number;
  readonly restartCount: number;
  readonly status: ProcessStatus;
  readonly retryOverAction: string;
  readonly rerunAt: number | null;
  readonly includeStrings: string;
  readonly monitoring: 'on' | 'off';
  readonly reason: string;
  /** All processes that fitted at the last look. */
  readonly matchingPids: readonly number[];
};

export function reportEntry(entry: Entry, matchingPids: readonly number[]): EntryReport {
  const { pent, phase } = entry;
  return {
    pentId: pent.id,
    name: pent.name,
    pid: 'process' in phase ? (phase.process?.pid ?? 0) : 0,
    retryCount: entry.retryCount,
    restartCount: entry.restartCount,
    status: STATUS_OF[phase.is],
    retryOverAction: pent.action,
    rerunAt: entry.rerunAt ?? null,
    includeStrings: pent.includeStrings.join('&'),
    monitoring: entry.monitoring,
    reason: reasonOf(entry),
    matchingPids,
  };
}

function reasonOf({ phase, pent }: Entry): string {
  switch (phase.is) {
    case 'looking':
      return `looked for during start_wait (${pent.startWaitSeconds} s)`;
    case 'watching':
      return 'the process is there';
    case 'delaying':
      return `down; restart_delay (${pent.restartDelaySeconds} s) gives it time to come back by itself`;
    case 'holding':
      return `down; the next restart waits for restart_interval (${pent.restartIntervalSeconds} s)`;
    case 'running':
      return phase.limit.is === 'unkillable'
        ? 'the restart script was killed and has not ended yet; there is no other restart before it does'
        : 'the restart script runs';
    case 'appearing':
      return `the restart script ${phase.ended.text}; the process has start_wait (${pent.startWaitSeconds} s) to appear`;
    case 'absent':
      return ABSENT_BECAUSE[phase.because];
    default:
      return phase satisfies never;
  }
}

const ABSENT_BECAUSE = {
  'retry-over': 'all retries are used up; watched again when the process is back',
  'monitoring-off': 'monitoring is off; padmin start resumes it',
  shared: 'an earlier entry held the same process and restarts it',
} as const;
