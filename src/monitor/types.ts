// What the monitor can be asked to do; who asks, and when, is the program's business.
import type { Snapshot } from '../entry/snapshot.ts';
import type { Pfile } from '../pfile/types.ts';
import type { ReloadResult } from './reload.ts';

/** `pentIds` are those of all entries where none are given. */
export type Monitor = {
  /** Opens what scripts write to. Calls back within half a second: what takes longer goes on. */
  prepare(done: () => void): void;
  begin(): void;
  snapshot(): Snapshot;
  /** Turns monitoring off; the ids that a script in progress keeps busy. */
  stop(pentIds?: readonly number[]): number[];
  start(pentIds?: readonly number[]): void;
  reset(pentIds?: readonly number[]): void;
  /** A pfile with the same IPCKEY and dump file takes the place of the one in force. */
  reload(next: Pfile): ReloadResult;
  /** Calls back once, when all entries have been looked at, or what is asked for takes too long. */
  whenLooked(done: () => void): void;
  /** Decides nothing more, stops what is in progress, runs what a retry-over asked for, then calls back. The record stays for the next pcheck unless the end is an ordinary one. */
  close(done: () => void, isOrdinary?: boolean): void;
};
