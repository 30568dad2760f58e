// The table of all pairs of state and event: how often worlds have come to each, and which cannot be come to.
import { PHASES } from '../../src/entry/states.ts';
import type { EntryEvent } from '../../src/entry/types.ts';

const EVENTS = Object.keys({
  observed: true,
  'script-ended': true,
  'check-ended': true,
  'over-before': true,
  reloaded: true,
  stop: true,
  start: true,
  reset: true,
} satisfies Record<EntryEvent['type'], true>);

/** Pairs that cannot be, each with its reason. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  'looking script-ended': 'no script was run yet',
  'looking check-ended': 'no check was run yet',
  ...Object.fromEntries(
    PHASES.filter((phase) => phase !== 'absent').map((phase) => [
      `${phase} over-before`,
      'the record of a retry-over says absent',
    ]),
  ),
};

/** The table as text, and the pairs that should have been visited and were not, or the other way round. */
export function coverage(visits: ReadonlyMap<string, number>): {
  readonly table: string;
  readonly wrong: readonly string[];
} {
  const width = Math.max(...EVENTS.map((event) => event.length)) + 2;
  const pad = (text: string) => text.padStart(width);
  const rows = PHASES.map((phase) =>
    [phase.padEnd(12), ...EVENTS.map((event) => pad(cell(visits, `${phase} ${event}`)))].join(''),
  );
  const head = [''.padEnd(12), ...EVENTS.map(pad)].join('');
  const pairs = PHASES.flatMap((phase) => EVENTS.map((event) => `${phase} ${event}`));
  return {
    table: [head, ...rows].join('\n'),
    wrong: pairs.filter((pair) => visits.has(pair) === (IMPOSSIBLE[pair] !== undefined)),
  };
}

function cell(visits: ReadonlyMap<string, number>, pair: string): string {
  return IMPOSSIBLE[pair] === undefined ? String(visits.get(pair) ?? 0) : '-';
}
