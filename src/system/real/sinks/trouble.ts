// Whether lines get on: who is stuck for long, or cannot write, is told of once, and that it is over.
import type { Clock, Timer } from '../../types.ts';

export type SinkTrouble =
  | { readonly is: 'stuck'; readonly seconds: number }
  | { readonly is: 'failing'; readonly reason: string }
  | { readonly is: 'over' };

export type TroubleWatch = {
  /** Something was written: it is looked after until all has gone. */
  begin(): void;
  failed(reason: string): void;
  /** Once, when nothing gets on for a second; at once when that is known. */
  whenStuck(callback: () => void): void;
};

export type Watched = {
  /** Whether something has not gone. */
  isBehind(): boolean;
  /** Changes whenever something goes. */
  progress(): number;
};

const CHECK_MILLISECONDS = 1000;
const STUCK_SECONDS = 5;
/** A second in all. */
const LAST_LOOKS = 50;
const LAST_LOOK_MILLISECONDS = 20;

export function createTroubleWatch(
  clock: Clock,
  watched: Watched,
  tell: (trouble: SinkTrouble) => void,
): TroubleWatch {
  let state: SinkTrouble['is'] = 'over';
  let timer: Timer | undefined;
  let progress = 0;
  let progressAt = 0;

  function change(trouble: SinkTrouble): void {
    if (trouble.is === state) return;
    state = trouble.is;
    tell(trouble);
  }

  function check(): void {
    const now = clock.now().monotonic;
    if (!watched.isBehind()) {
      timer = undefined;
      change({ is: 'over' });
      return;
    }
    timer = clock.after(CHECK_MILLISECONDS, check);
    const gone = watched.progress();
    if (gone !== progress) [progress, progressAt] = [gone, now];
    const seconds = (now - progressAt) / 1000;
    if (state === 'over' && seconds >= STUCK_SECONDS) change({ is: 'stuck', seconds: STUCK_SECONDS });
  }

  return {
    begin() {
      if (timer !== undefined) return;
      [progress, progressAt] = [watched.progress(), clock.now().monotonic];
      timer = clock.after(CHECK_MILLISECONDS, check);
    },
    failed: (reason) => change({ is: 'failing', reason }),
    whenStuck(callback) {
      if (state === 'stuck') {
        callback();
        return;
      }
      // Looks are counted, and not time: who was held up itself has not waited.
      let [gone, looks] = [watched.progress(), 0];
      function look(): void {
        const now = watched.progress();
        looks = now === gone ? looks + 1 : 0;
        gone = now;
        if (looks > LAST_LOOKS) callback();
        else clock.after(LAST_LOOK_MILLISECONDS, look);
      }
      look();
    },
  };
}
