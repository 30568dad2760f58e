// Which running processes each entry means just now, for one who asks once: pcheck -t.
import { matchRule } from '../monitor/slot.ts';
import type { Pent } from '../pfile/types.ts';
import type { MatchRule } from '../process/matcher.ts';
import { resolveName } from '../process/name.ts';
import { createProcessReader } from '../process/reader.ts';
import { createProcessTable } from '../process/table/process-table.ts';
import type { Match } from '../process/types.ts';
import type { System } from '../system/types.ts';

export type MatchSystem = Pick<System, 'clock' | 'proc' | 'commandLines' | 'lookups'>;

/** So long what does not answer is waited for. */
const LOOKUP_MILLISECONDS = 1000;
const POLL_MILLISECONDS = 5;

/** In the order of the entries; a process whose command line cannot be read in time matches nothing. */
export async function currentMatches(
  system: MatchSystem,
  pents: readonly Pent[],
): Promise<(readonly Match[])[]> {
  const rules = await Promise.all(pents.map((pent) => resolvedRule(system, pent)));
  const { clock, proc, commandLines } = system;
  const table = createProcessTable({
    proc,
    reader: createProcessReader(proc),
    commandLines,
    shares: () => 1,
    now: () => clock.now().monotonic,
    onAnswer: () => undefined,
  });
  table.setRules(rules.map((rule, key) => ({ key, rule })));
  const scan = table.scan('everything', 0);
  scan.advance(() => false);
  while (rules.some((_, key) => table.isUndecided(key))) await passes(system, POLL_MILLISECONDS);
  return rules.map((_, key) => table.matchesOf(key, scan));
}

function resolvedRule(system: MatchSystem, pent: Pent): Promise<MatchRule> {
  const rule = matchRule(pent);
  return new Promise((resolve) => {
    const timer = system.clock.after(LOOKUP_MILLISECONDS, () => resolve(rule));
    resolveName(rule.name, system.lookups, (name) => {
      timer.cancel();
      resolve({ ...rule, name });
    });
  });
}

function passes({ clock }: MatchSystem, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.after(milliseconds, resolve));
}
