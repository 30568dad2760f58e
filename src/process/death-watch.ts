// How the death of a held process comes to be known before the next full check: by the kernel, where it tells
// (src/system), else not at all. What is done about it is the monitor's business.
import type { Exits } from '../system/types.ts';
import type { ProcessReader } from './reader.ts';
import { createStatFields } from './stat-fields.ts';
import type { ProcessId } from './types.ts';

export type DeathWatch = {
  /** Watches these processes for the one who has this key, and no others any more. */
  watch(key: number, processes: readonly ProcessId[]): void;
  close(): void;
};

/** `onDeath` names the key of one who lost a process, maybe from within `watch`. */
export type CreateDeathWatch = (onDeath: (key: number) => void) => DeathWatch;

/** Nothing tells: the full check at every MONITOR_INTERVAL finds the dead. */
export const createPollingWatch: CreateDeathWatch = () => ({
  watch() {
    // The full check looks at every held process anyway.
  },
  close() {
    // Nothing is open.
  },
});

type Watched = {
  readonly process: ProcessId;
  readonly keys: Set<number>;
  /** It has gone. */
  end(): void;
  close(): void;
};

/**
 * The kernel tells. `onUnwatchable` hears the error's code when it does not for a process that runs: that one is
 * found dead by the full check.
 */
export function createEventWatch(
  exits: Pick<Exits, 'watch'>,
  reader: ProcessReader,
  onUnwatchable: (error: string) => void,
): CreateDeathWatch {
  return (onDeath) => {
    const watched = new Map<number, Watched>();
    const watchedBy = new Map<number, readonly ProcessId[]>();
    const fields = createStatFields();
    let toldGone: ProcessId | undefined;

    function leave(key: number, pid: number): void {
      const one = watched.get(pid);
      if (one === undefined || !one.keys.delete(key) || one.keys.size > 0) return;
      watched.delete(pid);
      one.close();
    }

    function join(key: number, process: ProcessId): void {
      const { pid, startTicks } = process;
      const known = watched.get(pid);
      if (known?.process.startTicks === startTicks) {
        known.keys.add(key);
        return;
      }
      known?.end();
      begin(key, process);
    }

    function begin(key: number, process: ProcessId): void {
      const { pid } = process;
      const keys = new Set([key]);
      function end(): void {
        watched.delete(pid);
        watch?.close();
        for (const bereaved of keys) onDeath(bereaved);
      }
      const { watch, error } = open(pid, end);
      const isOther = isAnother(process);
      if (watch !== undefined && !isOther) watched.set(pid, { process, keys, end, close: watch.close });
      else if (isOther || error === 'ESRCH') gone(process, end);
      else onUnwatchable(error ?? '');
    }

    function open(pid: number, end: () => void) {
      const watch = exits.watch(pid, end);
      return 'error' in watch ? { watch: undefined, error: watch.error } : { watch, error: undefined };
    }

    /** The pid may have become another process's since the look: the start time is read again after the open. */
    function isAnother({ pid, startTicks }: ProcessId): boolean {
      try {
        return reader.statFields(pid, fields) && fields.startTicks !== startTicks;
      } catch {
        // EMFILE and the like, told by the look at the processes: the next full check finds another one.
        return false;
      }
    }

    /** Told once: a look that finds it all the same would be taken for ever. */
    function gone({ pid, startTicks }: ProcessId, end: () => void): void {
      if (toldGone?.pid === pid && toldGone.startTicks === startTicks) return;
      toldGone = { pid, startTicks };
      end();
    }

    return {
      watch(key, processes) {
        for (const { pid } of watchedBy.get(key) ?? []) {
          if (!processes.some((process) => process.pid === pid)) leave(key, pid);
        }
        for (const process of processes) join(key, process);
        if (processes.length > 0) watchedBy.set(key, processes);
        else watchedBy.delete(key);
      },
      close() {
        for (const { close } of watched.values()) close();
        watched.clear();
      },
    };
  };
}
