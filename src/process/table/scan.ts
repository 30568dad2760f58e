// One look at the processes of the machine: goes through them in slices, first those that matter. What is read of each:
// read-policy.ts, read-process.ts.
import type { ProcTable } from '../../system/types.ts';
import { TICKS_PER_SECOND } from '../types.ts';
import type { MatchIndex } from './match-index.ts';
import type { LineReads } from './read-lines.ts';
import { type Depth, type Reading, readingFor, type ScanRange } from './read-policy.ts';
import type { ProcessReads } from './read-process.ts';
import type { Tracked } from './tracked.ts';
import type { TrackedProcess } from './tracked-process.ts';

export type Scan = {
  /** Later scans have higher ones. */
  readonly stamp: number;
  /** When it began, on the clock of the processes' start times. */
  readonly uptimeSeconds: number;
  /**
   * Goes on until it is over, or `isSpent`. `watched`: only the share of processes that match nothing is left. Throws when
   * /proc cannot be looked at; the next call goes on there.
   */
  advance(isSpent: () => boolean): 'begun' | 'watched' | 'over';
};

export type ScanParts = {
  readonly proc: ProcTable;
  readonly tracked: Tracked;
  readonly reads: ProcessReads;
  readonly lines: LineReads;
  readonly index: MatchIndex;
  /** Full checks until everything has had its turn. */
  shares(): number;
  rulesVersion(): number;
};

/** Processes between two questions whether the time is spent. */
const VISITS_AT_ONCE = 32;
/** No scan asks for younger ones. */
const YOUNG_SECONDS = 60;

/** Who is younger than `youngSeconds` may have become another program since it was read. */
export function createScans(parts: ScanParts): (depth: Depth, youngSeconds: number) => Scan {
  const { proc, tracked, reads, lines, index } = parts;
  /** `compared`: the version of the rules that all processes were compared with. */
  let [stamps, fullScans, compared] = [0, 0, 0];

  return (depth, youngSeconds) => {
    stamps += 1;
    if (depth === 'full') fullScans += 1;
    const stamp = stamps;
    const uptimeSeconds = proc.uptimeSeconds();
    const ticksAgo = (seconds: number) => (uptimeSeconds - seconds) * TICKS_PER_SECOND;
    const range = { youngFrom: ticksAgo(youngSeconds), number: fullScans, shares: parts.shares() };
    const isRoundOver = depth === 'full' && fullScans % range.shares === 0;
    const isListDue = depth === 'everything' || compared === 0 || isRoundOver;
    let queue: readonly TrackedProcess[] | undefined;
    let scanned: ScanRange = { ...range, depth, isAnew: false, rulesVersion: parts.rulesVersion() };
    /** Where the processes that match nothing begin, and how far the scan has come. */
    let [strangersFrom, at] = [0, 0];

    function begin(): readonly TrackedProcess[] {
      const { come, isAnew } = tracked.update(isListDue, ticksAgo(YOUNG_SECONDS));
      const rulesVersion = parts.rulesVersion();
      const isAll = isAnew || compared !== rulesVersion;
      scanned = { ...range, depth: isAll ? 'everything' : depth, isAnew, rulesVersion };
      const watched: TrackedProcess[] = [];
      const strangers: TrackedProcess[] = [];
      const candidates = scanned.depth === 'new' ? tracked.young(range.youngFrom) : tracked.all();
      for (const process of [...come, ...candidates]) {
        if (readingOf(process) === 'nothing') continue;
        const isStranger = process.line.is === 'read' && process.startTicks < range.youngFrom;
        (isStranger && index.keysOf(process.pid).length === 0 ? strangers : watched).push(process);
      }
      strangersFrom = watched.length;
      return [...watched, ...strangers];
    }

    function readingOf(process: TrackedProcess): Reading {
      const { pid, line, isKernelThread, rulesVersion, startTicks } = process;
      if (pid === proc.ownPid) return 'nothing';
      const isMatch = index.keysOf(pid).length > 0;
      return readingFor({ line: line.is, isKernelThread, isMatch, rulesVersion, startTicks, pid }, scanned);
    }

    function visit(process: TrackedProcess): void {
      // Between two slices its pid may have gone to another one.
      if (process.visited === stamp || tracked.get(process.pid) !== process) return;
      reads.read(process, readingOf(process), stamp);
      process.visited = stamp;
    }

    return {
      stamp,
      uptimeSeconds,
      advance(isSpent) {
        queue ??= begin();
        try {
          for (let visits = 1; at < queue.length; at++, visits++) {
            const process = queue[at];
            if (process !== undefined) visit(process);
            if (visits % VISITS_AT_ONCE === 0 && isSpent()) break;
          }
        } finally {
          lines.flush();
        }
        if (at >= queue.length) {
          if (scanned.depth === 'everything') compared = scanned.rulesVersion;
          return 'over';
        }
        return at >= strangersFrom && scanned.depth === 'full' ? 'watched' : 'begun';
      },
    };
  };
}
