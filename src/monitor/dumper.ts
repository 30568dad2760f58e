// When the dump file is written: some time after a decision, never in its way, one at a time, and once more at the
// end. How it is written without waiting for the disk: src/system. What reads it: padmin --last.
import { dumpText } from '../entry/dump.ts';
import type { Snapshot } from '../entry/snapshot.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { System, Timer } from '../system/types.ts';
import { afterListening } from './loop/listen-first.ts';

export type Dumper = {
  /** Something that the dump shows has changed. */
  changed(): void;
  /**
   * Writes the last state. What it hands back waits, a second at most, until the writer has begun: from then on it needs
   * no pcheck any more.
   */
  close(): (done: () => void) => void;
};

const DELAY_MILLISECONDS = 100;
const GAP_MILLISECONDS = 1000;
const STUCK_SECONDS = 30;
/** A child that cannot even begin is not waited for. */
const BEGIN_SECONDS = 1;

export function createDumper(
  { clock, dump }: System,
  log: Log,
  file: string,
  snapshot: () => Snapshot,
): Dumper {
  let state: 'idle' | 'waiting' | 'writing' | 'writing-changed' | 'closing' | 'closed' = 'idle';
  let timer: Timer | undefined;
  let failure: string | undefined;

  function write(): void {
    state = 'writing';
    const startedAt = clock.now().monotonic;
    timer = afterListening(clock, STUCK_SECONDS * 1000, () => {
      log.write(message('dumpStuck', { file, seconds: STUCK_SECONDS }));
    });
    dump.write(dumpText(snapshot()), {
      ended(error) {
        // The last one takes its place.
        if (state === 'closing' || state === 'closed') return;
        timer?.cancel();
        tell(error);
        const isChanged = state === 'writing-changed';
        state = 'idle';
        if (isChanged) wait(startedAt + GAP_MILLISECONDS - clock.now().monotonic);
      },
    });
  }

  function tell(error: string | undefined): void {
    if (error !== undefined && error !== failure) log.write(message('dumpFailed', { file, error }));
    failure = error;
  }

  function wait(milliseconds: number): void {
    state = 'waiting';
    timer = clock.after(Math.max(milliseconds, DELAY_MILLISECONDS), write);
  }

  return {
    changed() {
      if (state === 'idle') wait(DELAY_MILLISECONDS);
      else if (state === 'writing') state = 'writing-changed';
    },
    close() {
      timer?.cancel();
      state = 'closing';
      let whenClosed: (() => void) | undefined;
      function end(): void {
        if (state !== 'closing') return;
        state = 'closed';
        timer?.cancel();
        whenClosed?.();
      }
      timer = clock.after(BEGIN_SECONDS * 1000, end);
      dump.write(dumpText(snapshot()), {
        started: end,
        ended(error) {
          tell(error);
          end();
        },
      });
      return (done) => {
        if (state === 'closed') done();
        else whenClosed = done;
      };
    },
  };
}
