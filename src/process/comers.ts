// Whom to ask for one by one: the pids that the kernel has given since the last look, and once more those that were not
// there then. A pid is given first, and its process can be seen a moment later, when the fork is through.

export type Comers = {
  /** Above the first and up to the last, and those that were missing, for a second. */
  since(after: number, last: number, uptimeSeconds: number): number[];
  /** It is there. */
  come(pid: number): void;
};

const MISSING_SECONDS = 1;

export function createComers(): Comers {
  /** With the time at which each was asked for first. */
  const missing = new Map<number, number>();
  return {
    since(after, last, uptimeSeconds) {
      const pids = [...missing.keys()];
      // Those that have been missing for longer are asked for this last time.
      for (const [pid, asked] of missing) if (uptimeSeconds - asked > MISSING_SECONDS) missing.delete(pid);
      for (let pid = after + 1; pid <= last; pid++) {
        pids.push(pid);
        missing.set(pid, uptimeSeconds);
      }
      return pids;
    },
    come: (pid) => void missing.delete(pid),
  };
}
