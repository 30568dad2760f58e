// Which processes match which rules, both ways round.
import type { StatFields } from '../stat-fields.ts';
import type { Match } from '../types.ts';

export type MatchIndex = {
  /** The process matches these rules and no others; none at all forgets it. */
  put(pid: number, keys: readonly number[], match: Match, argv: readonly string[]): void;
  /** It is there as before; its parent and session may have changed. */
  update(pid: number, fields: StatFields): void;
  drop(pid: number): void;
  /** The rule is no more. */
  forget(key: number): void;
  keysOf(pid: number): readonly number[];
  /** The first words of its command line when it was matched. */
  argvOf(pid: number): readonly string[];
  /** In ascending order of pid. */
  of(key: number): readonly Match[];
};

type Entry = { match: Match; readonly keys: readonly number[]; readonly argv: readonly string[] };
/** `matches` is made when it is asked for, and again when one of them has changed. */
type OfKey = { readonly pids: Set<number>; matches: readonly Match[] | undefined };

const NONE: readonly never[] = [];

export function createMatchIndex(): MatchIndex {
  const entries = new Map<number, Entry>();
  const byKey = new Map<number, OfKey>();

  function changed(key: number): void {
    const ofKey = byKey.get(key);
    if (ofKey !== undefined) ofKey.matches = undefined;
  }

  function drop(pid: number): void {
    for (const key of entries.get(pid)?.keys ?? NONE) {
      byKey.get(key)?.pids.delete(pid);
      changed(key);
    }
    entries.delete(pid);
  }

  return {
    put(pid, keys, match, argv) {
      drop(pid);
      if (keys.length === 0) return;
      entries.set(pid, { match, keys, argv });
      for (const key of keys) {
        const ofKey = byKey.get(key);
        if (ofKey === undefined) byKey.set(key, { pids: new Set([pid]), matches: undefined });
        else ofKey.pids.add(pid);
        changed(key);
      }
    },
    update(pid, fields) {
      const entry = entries.get(pid);
      if (entry === undefined) return;
      const { ppid, session } = entry.match;
      if (ppid === fields.ppid && session === fields.session) return;
      entry.match = matchOf(pid, fields);
      for (const key of entry.keys) changed(key);
    },
    drop,
    forget: (key) => void byKey.delete(key),
    keysOf: (pid) => entries.get(pid)?.keys ?? NONE,
    argvOf: (pid) => entries.get(pid)?.argv ?? NONE,
    of(key) {
      const ofKey = byKey.get(key);
      if (ofKey === undefined) return NONE;
      ofKey.matches ??= [...ofKey.pids]
        .flatMap((pid) => entries.get(pid)?.match ?? NONE)
        .sort((one, other) => one.pid - other.pid);
      return ofKey.matches;
    },
  };
}

export function matchOf(pid: number, { startTicks, ppid, session, startStack }: StatFields): Match {
  return { pid, startTicks, ppid, session, startStack };
}
