// Which processes fit which rules, both ways round, with the look at which each was seen last.
import type { StatFields } from './stat-fields.ts';
import type { Match } from './types.ts';

export type Fitting = {
  /** The process fits these rules and no others; none at all forgets it. */
  put(pid: number, keys: readonly number[], fields: StatFields, look: number): void;
  /** It is there as before; what may have changed of it is taken from the fields. */
  seen(pid: number, fields: StatFields, look: number): void;
  /** It is there as before, and nothing of it has changed. */
  unchanged(pid: number, look: number): void;
  drop(pid: number): void;
  /** The rule is no more. */
  forget(key: number): void;
  /** The pids of a rule that this look has not seen yet. */
  unseen(key: number, look: number): readonly number[];
  /** In ascending order of pid. */
  of(key: number): readonly Match[];
  count(): number;
};

type Fit = { match: Match; look: number; keys: readonly number[] };
/** `matches` is made when it is asked for, and again when one of them has changed. */
type Fits = { readonly pids: Set<number>; matches: readonly Match[] | undefined };

const NONE: readonly never[] = [];

export function createFitting(): Fitting {
  const fits = new Map<number, Fit>();
  const byKey = new Map<number, Fits>();

  function drop(pid: number): void {
    for (const key of fits.get(pid)?.keys ?? NONE) {
      byKey.get(key)?.pids.delete(pid);
      changed(key);
    }
    fits.delete(pid);
  }

  function changed(key: number): void {
    const ofKey = byKey.get(key);
    if (ofKey !== undefined) ofKey.matches = undefined;
  }

  function of(key: number): readonly Match[] {
    const ofKey = byKey.get(key);
    if (ofKey === undefined) return NONE;
    ofKey.matches ??= [...ofKey.pids]
      .flatMap((pid) => fits.get(pid)?.match ?? NONE)
      .sort((a, b) => a.pid - b.pid);
    return ofKey.matches;
  }

  return {
    put(pid, keys, fields, look) {
      drop(pid);
      if (keys.length === 0) return;
      fits.set(pid, { match: matchOf(pid, fields), look, keys });
      for (const key of keys) {
        const ofKey = byKey.get(key);
        if (ofKey === undefined) byKey.set(key, { pids: new Set([pid]), matches: undefined });
        else ofKey.pids.add(pid);
        changed(key);
      }
    },
    seen(pid, fields, look) {
      const fit = fits.get(pid);
      if (fit === undefined) return;
      fit.look = look;
      const { ppid, session } = fit.match;
      if (ppid === fields.ppid && session === fields.session) return;
      fit.match = matchOf(pid, fields);
      for (const key of fit.keys) changed(key);
    },
    unchanged(pid, look) {
      const fit = fits.get(pid);
      if (fit !== undefined) fit.look = look;
    },
    drop,
    forget: (key) => void byKey.delete(key),
    unseen(key, look) {
      const isSeen = ({ pid }: Match) => fits.get(pid)?.look === look;
      const matches = of(key);
      if (matches.every(isSeen)) return NONE;
      return matches.filter((match) => !isSeen(match)).map(({ pid }) => pid);
    },
    of,
    count: () => fits.size,
  };
}

export function matchOf(pid: number, { startTicks, ppid, session, startStack }: StatFields): Match {
  return { pid, startTicks, ppid, session, startStack };
}
