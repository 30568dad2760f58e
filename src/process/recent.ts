// The processes that a quick look may have to read again: those that could not be read whole yet, and those that
// were started lately, in the order of their starts. Thousands that are a little older are not even passed over.

export type Recent = {
  clear(): void;
  /** It has to be read at every look until it is known. */
  addUnread(pid: number): void;
  /** It has been read; it began at this tick. */
  addRead(pid: number, startTicks: number): void;
  /** The unread ones and those that began at this tick or later, as of now. */
  since(startTicks: number): number[];
};

/** pid_max is at most 2^22 (proc_sys_kernel(5)), so start and pid go into one number that sorts by start. */
const PIDS = 2 ** 22;

export function createRecent(): Recent {
  const unread = new Set<number>();
  let read: number[] = [];
  let isSorted = true;

  return {
    clear() {
      unread.clear();
      read = [];
      isSorted = true;
    },
    addUnread: (pid) => void unread.add(pid),
    addRead(pid, startTicks) {
      unread.delete(pid);
      const place = startTicks * PIDS + pid;
      isSorted &&= place >= (read.at(-1) ?? 0);
      read.push(place);
    },
    since(startTicks) {
      if (!isSorted) read = [...Float64Array.from(read).sort()];
      isSorted = true;
      const pids = [...unread];
      for (let at = read.length - 1; at >= 0 && (read[at] ?? 0) >= startTicks * PIDS; at--) {
        pids.push((read[at] ?? 0) % PIDS);
      }
      return pids;
    },
  };
}
