// What is remembered of every process of the machine: enough to see that it is still the same program, and how far its
// command line is known.
import type { Awaited } from '../awaited.ts';

export type TrackedProcess = {
  readonly pid: number;
  /** 0 until its stat was read. */
  startTicks: number;
  /** Another one after every exec (stat-fields.ts). */
  image: number;
  /** Likewise, of its auxiliary vector; 0 where that may not be read. */
  programId: number;
  isKernelThread: boolean;
  line: LineState;
  /** The version of the rules that it was compared with. */
  rulesVersion: number;
  /** The number of the last list of all pids that it was in; 0 when it was never seen to be a process. */
  list: number;
  /** The stamp of the last scan that has visited it. */
  visited: number;
  /** The number of the last turn in which it was seen to be there. */
  seen: number;
};

/** `stamp` is that of the scan which has asked. */
export type LineState =
  | { readonly is: 'unread' }
  | { readonly is: 'asked'; readonly stamp: number; readonly awaited: Awaited; readonly mayMatch: MayMatch }
  | { readonly is: 'read'; readonly stamp: number }
  /** Gone, empty or not permitted just now. */
  | { readonly is: 'unreadable'; readonly stamp: number };

/** Which rules it may turn out to match. */
export type MayMatch = (key: number) => boolean;

export const UNREAD: LineState = { is: 'unread' };

export function newTrackedProcess(pid: number): TrackedProcess {
  return {
    pid,
    startTicks: 0,
    image: 0,
    programId: 0,
    isKernelThread: false,
    line: UNREAD,
    rulesVersion: 0,
    list: 0,
    visited: 0,
    seen: 0,
  };
}
