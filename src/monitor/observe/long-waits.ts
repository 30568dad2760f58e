// Names in the log what has been waited for so long that somebody should look, and when that is over. Once each: the
// paths of an entry one by one, the command lines of other people's processes together.
import { message } from '../../log/catalogue.ts';
import type { Log } from '../../log/log.ts';
import type { Slot } from '../slot.ts';

/** `since`: monotonic milliseconds. */
export type PathWait = {
  readonly slot: Slot;
  readonly what: 'NAME' | 'exe' | 'pidfile';
  readonly file: string;
  readonly since: number;
};

export type LineWait = { readonly pid: number; readonly since: number };

export type LongWaits = {
  /** All that is waited for now. */
  tell(paths: readonly PathWait[], lines: readonly LineWait[], now: number): void;
};

const LONG_MILLISECONDS = 5000;
const NAMED_PIDS = 10;

export function createLongWaits(log: Log): LongWaits {
  let toldPaths: ReadonlyMap<string, PathWait> = new Map();
  let toldLines: ReadonlyMap<string, LineWait> = new Map();

  function tellPaths(long: ReadonlyMap<string, PathWait>, now: number): void {
    for (const [key, { slot, what, file, since }] of toldPaths) {
      const name = slot.entry.pent.name;
      if (!long.has(key))
        log.write(message('pathAnswers', { name, what, file, seconds: seconds(since, now) }));
    }
    for (const [key, { slot, what, file, since }] of long) {
      const name = slot.entry.pent.name;
      if (!toldPaths.has(key))
        log.write(message('pathSilent', { name, what, file, seconds: seconds(since, now) }));
    }
    toldPaths = long;
  }

  function tellLines(long: ReadonlyMap<string, LineWait>): void {
    const over = [...toldLines].filter(([key]) => !long.has(key));
    const fresh = [...long].filter(([key]) => !toldLines.has(key));
    if (over.length > 0) log.write(message('linesAnswer', { pids: pidsOf(over) }));
    if (fresh.length > 0) {
      log.write(
        message('linesSilent', {
          seconds: LONG_MILLISECONDS / 1000,
          pids: pidsOf(fresh),
        }),
      );
    }
    toldLines = long;
  }

  return {
    tell(paths, lines, now) {
      const isLong = ({ since }: { readonly since: number }) => now - since > LONG_MILLISECONDS;
      const keyOf = ({ slot, what, since }: PathWait) => `${slot.key} ${what} ${since}`;
      tellPaths(new Map(paths.filter(isLong).map((wait) => [keyOf(wait), wait])), now);
      tellLines(new Map(lines.filter(isLong).map((wait) => [`${wait.pid} ${wait.since}`, wait])));
    },
  };
}

function seconds(since: number, now: number): number {
  return Math.round((now - since) / 1000);
}

function pidsOf(waits: readonly (readonly [string, LineWait])[]): string {
  const pids = waits.slice(0, NAMED_PIDS).map(([, { pid }]) => pid);
  const more = waits.length - pids.length;
  return more === 0 ? pids.join(' ') : `${pids.join(' ')} and ${more} more`;
}
