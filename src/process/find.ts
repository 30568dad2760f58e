// Of several matches, the one that is meant: whose parent is not itself a match, then the oldest (SPEC 3).
import type { Match } from './types.ts';

export function oldestRoot(matches: readonly Match[]): Match | undefined {
  if (matches.length <= 1) return matches[0];
  const pids = new Set(matches.map(({ pid }) => pid));
  const roots = matches.filter(({ ppid }) => !pids.has(ppid));
  return roots.reduce<Match | undefined>(
    (oldest, match) => (oldest === undefined || isOlder(match, oldest) ? match : oldest),
    undefined,
  );
}

function isOlder(a: Match, b: Match): boolean {
  return a.startTicks < b.startTicks || (a.startTicks === b.startTicks && a.pid < b.pid);
}
