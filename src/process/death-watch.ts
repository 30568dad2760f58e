// How the death of a held process comes to be known before the next full check. The monitor holds to this
// interface; a source that the kernel wakes can take the place of polling without a change to it.
import type { ProcessId } from './types.ts';

export type DeathWatch = {
  watch(process: ProcessId): void;
  unwatch(process: ProcessId): void;
  close(): void;
};

export type CreateDeathWatch = (onDeath: (process: ProcessId) => void) => DeathWatch;

/** Nothing tells: the full check at every MONITOR_INTERVAL finds the dead. */
export const createPollingWatch: CreateDeathWatch = () => ({
  watch() {
    // The full check looks at every held process anyway.
  },
  unwatch() {
    // Nothing was registered.
  },
  close() {
    // Nothing is open.
  },
});
