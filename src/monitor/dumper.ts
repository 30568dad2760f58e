// When the dump file is written: some time after a decision, never in its way, one at a time, and once more at
// the end. How it is written without waiting for the disk: src/system. What reads it: padmin --last.
import { dumpText } from '../entry/dump.ts';
import type { Snapshot } from '../entry/snapshot.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { System, Timer } from '../system/types.ts';

export type Dumper = {
  /** Something that the dump shows has changed. */
  changed(): void;
  /** Writes the last state; does not wait for it. */
  close(): void;
};

const DELAY_MILLISECONDS = 100;
const GAP_MILLISECONDS = 1000;
const STUCK_SECONDS = 30;

export function createDumper(
  { clock, dump }: System,
  log: Log,
  file: string,
  snapshot: () => Snapshot,
): Dumper {
  let state: 'idle' | 'waiting' | 'writing' | 'writing-changed' = 'idle';
  let timer: Timer | undefined;
  let failure: string | undefined;

  function write(): void {
    state = 'writing';
    const startedAt = clock.now().monotonic;
    timer = clock.after(STUCK_SECONDS * 1000, () => {
      log.write(message('dumpStuck', { file, seconds: STUCK_SECONDS }));
    });
    dump.write(dumpText(snapshot()), (error) => {
      timer?.cancel();
      if (error !== undefined && error !== failure) log.write(message('dumpFailed', { file, error }));
      failure = error;
      const isChanged = state === 'writing-changed';
      state = 'idle';
      if (isChanged) wait(startedAt + GAP_MILLISECONDS - clock.now().monotonic);
    });
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
      dump.write(dumpText(snapshot()), () => undefined);
    },
  };
}
