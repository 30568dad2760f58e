// When two entries are the same one: NAME and the matching options are equal. Two of them in a pfile would both
// restart one process; over a reload, an entry that is the same keeps its process and its counters (SPEC 4).
import type { ReadPent } from './pent.ts';
import type { Report } from './report.ts';
import type { Pent } from './types.ts';

/** Equal for entries that mean the same process; `uid` and `exe` must have been looked up (lookup.ts). */
export function sameEntryKey(pent: Pent): string {
  const { name, includeStrings, excludeStrings, uid, exe, pidfile, containers } = pent;
  const [included, excluded] = [includeStrings, excludeStrings].map((strings) =>
    [...new Set(strings)].sort(),
  );
  return JSON.stringify([name, included, excluded, uid ?? null, exe ?? null, pidfile ?? null, containers]);
}

export function reportSameEntries(pents: readonly ReadPent[], report: Report): void {
  const firstLines = new Map<string, number>();
  for (const { pent, name, user } of pents) {
    const isUncertain = pent.name === '' || (user !== undefined && pent.uid === undefined);
    if (isUncertain) continue;
    const key = sameEntryKey(pent);
    const firstLine = firstLines.get(key);
    if (firstLine === undefined) {
      firstLines.set(key, pent.line);
    } else {
      const text = `the same entry as in line ${firstLine} (same NAME and matching options): remove one of them`;
      report.error(name, 'duplicate-pent', `${text}, or tell them apart by include_strings`);
    }
  }
}
