// How much of each process a scan reads (SPEC 3, Re-check). Pure; scan.ts carries it out.
import type { LineState } from './tracked-process.ts';

export type Depth =
  /** New and young processes. */
  | 'new'
  /** A full check: also the matches, and a share of all others. */
  | 'full'
  | 'everything';

export type Visited = {
  /** How far its command line is known. */
  readonly line: LineState['is'];
  readonly isKernelThread: boolean;
  readonly isMatch: boolean;
  /** The version of the rules that it was compared with. */
  readonly rulesVersion: number;
  readonly startTicks: number;
  readonly pid: number;
};

export type ScanRange = {
  readonly depth: Depth;
  /** Who has started at this tick or later may be about to exec, or to write its command line anew. */
  readonly youngFrom: number;
  readonly rulesVersion: number;
  /** Full checks are numbered; in `shares` of them everything has its turn once. */
  readonly number: number;
  readonly shares: number;
  /** Each pid may be another process's by now. */
  readonly isAnew: boolean;
};

/** `verify`: is it still the same program? `stat`: also who its parent is. `read`: stat and command line, and match again. */
export type Reading = 'nothing' | 'verify' | 'stat' | 'read';

/** A process may rename itself without an exec, which only its command line shows. */
const LINE_EVERY_TURNS = 8;

export function readingFor(process: Visited, range: ScanRange): Reading {
  const reading = readingOfTheSame(process, range);
  // A forked child has its parent's program: only its start tells it from another one.
  return range.isAnew && reading !== 'read' ? 'stat' : reading;
}

function readingOfTheSame(process: Visited, range: ScanRange): Reading {
  const { depth, youngFrom, number, shares, rulesVersion } = range;
  if (process.line === 'unread' || process.rulesVersion !== rulesVersion) return 'read';
  // It may be readable now: there are few of these.
  if (process.line === 'unreadable') return 'read';
  const isItsTurn = (process.pid + number) % shares === 0;
  if (process.isKernelThread) return depth !== 'new' && isItsTurn ? 'stat' : 'nothing';
  if (process.startTicks >= youngFrom) return depth === 'new' ? 'stat' : 'read';
  if (depth === 'new') return 'nothing';
  if (process.line === 'asked') return 'stat';
  if (depth === 'full' && !isItsTurn) return process.isMatch ? 'verify' : 'nothing';
  if (!isItsTurn) return 'verify';
  const turn = Math.floor((process.pid + number) / shares);
  return process.isMatch || turn % LINE_EVERY_TURNS === 0 ? 'read' : 'verify';
}

const ROUND_SECONDS = 60;

/** In so many full checks every process of the machine has its turn: about once a minute. */
export function sharesAt(intervalSeconds: number): number {
  return Math.max(1, Math.round(ROUND_SECONDS / intervalSeconds));
}
