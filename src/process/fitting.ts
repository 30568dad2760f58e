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
  unseen(key: number, look: number): number[];
  of(key: number): Match[];
  count(): number;
};

type Fit = { match: Match; look: number; keys: readonly number[] };

export function createFitting(): Fitting {
  const fits = new Map<number, Fit>();
  const byKey = new Map<number, Set<number>>();

  function drop(pid: number): void {
    for (const key of fits.get(pid)?.keys ?? []) byKey.get(key)?.delete(pid);
    fits.delete(pid);
  }

  return {
    put(pid, keys, fields, look) {
      drop(pid);
      if (keys.length === 0) return;
      fits.set(pid, { match: matchOf(pid, fields), look, keys });
      for (const key of keys) {
        const pids = byKey.get(key);
        if (pids === undefined) byKey.set(key, new Set([pid]));
        else pids.add(pid);
      }
    },
    seen(pid, fields, look) {
      const fit = fits.get(pid);
      if (fit === undefined) return;
      fit.look = look;
      const { ppid, session } = fit.match;
      if (ppid !== fields.ppid || session !== fields.session) fit.match = matchOf(pid, fields);
    },
    unchanged(pid, look) {
      const fit = fits.get(pid);
      if (fit !== undefined) fit.look = look;
    },
    drop,
    forget: (key) => void byKey.delete(key),
    unseen: (key, look) => [...(byKey.get(key) ?? [])].filter((pid) => fits.get(pid)?.look !== look),
    of(key) {
      const found = [...(byKey.get(key) ?? [])].flatMap((pid) => fits.get(pid)?.match ?? []);
      return found.sort((a, b) => a.pid - b.pid);
    },
    count: () => fits.size,
  };
}

export function matchOf(pid: number, { startTicks, ppid, session, startStack }: StatFields): Match {
  return { pid, startTicks, ppid, session, startStack };
}
