// Who has come, by the last pid that the kernel has given (proc_loadavg(5)): a few are asked for one by one, else all
// are listed. What a container shows there may be something else, so it counts only where a fork was seen to move it.
import type { NewPids } from '../../types.ts';

export type NewPidsParts = {
  /** The last field of /proc/loadavg. Throws where /proc cannot be looked at. */
  lastPid(): number;
  /** Whether that is the last pid of this PID namespace (seesForks). */
  readonly isLastPidTrue: boolean;
  listPids(): Int32Array;
  isThere(pid: number): boolean;
  readonly ownPid: number;
  uptimeSeconds(): number;
};

/** So many pids are asked for one by one; the kernel lists thousands in the same time. */
const MAX_PROBES = 64;
/** A pid is given first, and its process can be seen a moment later, when the fork is through. */
const MISSING_SECONDS = 1;

export function createNewPids(parts: NewPidsParts): () => NewPids {
  let known: number | undefined;
  /** Those that were not there, with the time at which they were asked for first. */
  const missing = new Map<number, number>();

  function probe(after: number, last: number): number[] {
    const now = parts.uptimeSeconds();
    const asked = [...missing.keys()];
    for (let pid = after + 1; pid <= last; pid++) asked.push(pid);
    return asked.filter((pid) => {
      const isThere = pid !== parts.ownPid && parts.isThere(pid);
      const since = missing.get(pid) ?? now;
      if (isThere || now - since > MISSING_SECONDS) missing.delete(pid);
      else missing.set(pid, since);
      return isThere;
    });
  }

  return () => {
    if (!parts.isLastPidTrue) {
      return { are: 'all', pids: parts.listPids(), reusedAbove: 0, reusedUpTo: 0 };
    }
    const last = parts.lastPid();
    const before = known;
    if (before === undefined || last < before) {
      const pids = parts.listPids();
      known = last;
      missing.clear();
      return { are: 'anew', pids };
    }
    if (last - before > MAX_PROBES) {
      const pids = parts.listPids();
      known = last;
      return { are: 'all', pids, reusedAbove: before, reusedUpTo: last };
    }
    known = last;
    return { are: 'these', pids: probe(before, last) };
  };
}

/** Of each fork of this process's own: the last pid before it, its pid, the last pid after it. */
export type SeenFork = { readonly before: number; readonly pid: number; readonly after: number };

/** Whether every fork has moved the last pid as the kernel moves it. */
export function seesForks(forks: readonly SeenFork[]): boolean {
  return forks.length > 0 && forks.every(({ before, pid, after }) => before < pid && pid <= after);
}
