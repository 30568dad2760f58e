// How much of what is known of a process is read again at a look (SPEC 3, the full check).
import { KERNEL_THREAD, MATCHED, NAMED, READ } from './known.ts';

/** `new`: what is new or young, and what fits already. `turn`: a full check, so a share of all the rest too. `all`: everything. */
export type Extent = 'new' | 'turn' | 'all';

/** `held`: that it is there and has not execed, and all of some. `reluctant`: whether it has execed, and now and then all of it. `whole`: both. */
export type Reading = 'nothing' | 'stat' | 'held' | 'reluctant' | 'whole';

/** `isYoung`: it may be about to exec or to write its command line anew. `isItsTurn`: it belongs to this full check's share. */
export function readingOf(marks: number, extent: Extent, isYoung: boolean, isItsTurn: boolean): Reading {
  if (extent === 'all' || (marks & READ) === 0) return 'whole';
  if ((marks & KERNEL_THREAD) !== 0) return extent === 'turn' && isItsTurn ? 'stat' : 'nothing';
  if (isYoung) return extent === 'turn' ? 'whole' : 'stat';
  // What fits already and is asked after is read when it is asked after (census.ts).
  if (extent === 'new') return 'nothing';
  if ((marks & MATCHED) !== 0) return 'held';
  if (!isItsTurn) return 'nothing';
  return (marks & NAMED) !== 0 ? 'whole' : 'reluctant';
}

const TURN_SECONDS = 60;

/** In so many full checks every process of the machine is read again: about once a minute. */
export function turnsAt(intervalSeconds: number): number {
  return Math.max(1, Math.round(TURN_SECONDS / intervalSeconds));
}
