// All entries in one line, for who looks at the service from outside, and whether their start is over.
import { visible } from '../log/format.ts';
import type { Entry } from './types.ts';

/** It was looked at, and is there, or has its restart begun, or nothing is to be done: scripts are not waited for. */
export function isSettled({ phase }: Entry): boolean {
  return phase.is !== 'looking';
}

const MOST_NAMED = 3;
const LONGEST_NAME = 60;

/** How many are there, and what is the matter with the first few others: short, whatever the names hold. */
export function summarize(entries: readonly Entry[]): string {
  const available = entries.filter(({ phase }) => phase.is === 'watching').length;
  const matters = entries.flatMap((entry) => {
    const matter = matterOf(entry);
    return matter === undefined ? [] : [`${shortName(entry.pent.name)}: ${matter}`];
  });
  const named = matters.slice(0, MOST_NAMED);
  if (matters.length > MOST_NAMED) named.push(`and ${matters.length - MOST_NAMED} more`);
  const details = named.length === 0 ? '' : `; ${named.join(', ')}`;
  return `${available} of ${entries.length} entries available${details}`;
}

function shortName(name: string): string {
  return visible(name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name);
}

function matterOf({ phase, monitoring }: Entry): string | undefined {
  switch (phase.is) {
    case 'watching':
      return monitoring === 'on' ? undefined : 'monitoring off';
    case 'looking':
      return 'looked for';
    case 'delaying':
      return 'down, waits for restart_delay';
    case 'holding':
      return 'down, waits for restart_interval';
    case 'running':
      return phase.limit.is === 'unkillable' ? 'restart script cannot be killed' : 'restart script runs';
    case 'appearing':
      return 'restarted, looked for';
    case 'absent':
      return ABSENT_BECAUSE[phase.because];
    default:
      return phase satisfies never;
  }
}

const ABSENT_BECAUSE = {
  'retry-over': 'retries used up',
  'monitoring-off': 'monitoring off',
  shared: 'left to an earlier entry',
} as const;
