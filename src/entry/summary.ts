// All entries in one line, for who looks at the service from outside, and whether their start is over.
import { visible } from '../log/visible.ts';
import type { Entry } from './types.ts';
import { wordingOf } from './wording.ts';

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
    const matter = wordingOf(entry).short;
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
