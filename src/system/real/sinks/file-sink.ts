// Lines to a file by its name, which may be rotated, or may hang: what was written before `reopen` is in the old file
// before the new one gets a line. One that hangs is left behind, and what is written meanwhile waits.
import type { Clock, LineSink } from '../../types.ts';
import type { OutletNews } from './looked-outlet.ts';
import type { Outlet } from './outlet.ts';
import { createQueuedSink, type Line, type LineAttempt, type QueueLimits } from './queued-sink.ts';
import { createTroubleWatch, type SinkTrouble } from './trouble.ts';

export type FileSinkParts = {
  readonly clock: Clock;
  /** Opens what lies at the path now; the first time it may be something that is open already. */
  open(isFirst: boolean, news: OutletNews): Outlet;
  dropped(count: number): string;
  tell(trouble: SinkTrouble): void;
};

export type FileSink = LineSink & {
  /** Undefined when lines can go; else why they cannot at first. */
  readonly opened: Promise<string | undefined>;
};

type State =
  | { readonly is: 'open'; readonly outlet: Outlet }
  /** So many lines are still the old one's, then it is finished. */
  | { readonly is: 'ending'; readonly outlet: Outlet; readonly lines: number; finish(): void }
  | { readonly is: 'finishing'; readonly outlet: Outlet };

/** A turn may tell a line of each of ten thousand entries, faster than the reader of a pipe is woken. */
const LIMITS: QueueLimits = { lines: 32_768, firstRetryMilliseconds: 2, retryLines: 128 };
/** The old file has so long to take what is its own. */
const CHANGE_MILLISECONDS = 1000;
/** When so many hang, the last one is waited for. */
const LEFT_BEHIND_MAXIMUM = 2;

export function createFileSink({ clock, open, dropped, tell }: FileSinkParts): FileSink {
  let resolveOpened: (error: string | undefined) => void = () => undefined;
  const opened = new Promise<string | undefined>((resolve) => {
    resolveOpened = resolve;
  });
  const queue = createQueuedSink(clock, tryWrite, dropped, LIMITS);
  const trouble = createTroubleWatch(
    clock,
    {
      isBehind: () => queue.length() > 0 || state.outlet.isBehind(),
      progress: () => (state.outlet.settlesLater ? state.outlet.settledBytes() : passed),
    },
    tell,
  );
  let passed = 0;
  let unfinished = 0;
  let onOpen: (() => void) | undefined;
  let state: State = { is: 'open', outlet: newOutlet(true) };

  function newOutlet(isFirst: boolean): Outlet {
    return open(isFirst, {
      opened() {
        resolveOpened(undefined);
        queue.flush();
      },
      failed(reason) {
        resolveOpened(reason);
        trouble.failed(reason);
        trouble.begin();
      },
    });
  }

  function tryWrite(line: Line): LineAttempt {
    if (state.is === 'finishing') return 'later';
    const attempt = state.outlet.tryWrite(line);
    if (attempt !== 'written') return attempt;
    passed += 1;
    if (state.is === 'ending') endAfter(state.lines - 1, state);
    return attempt;
  }

  function endAfter(lines: number, { outlet, finish }: { readonly outlet: Outlet; finish(): void }): void {
    if (lines > 0) state = { is: 'ending', outlet, lines, finish };
    else finish();
  }

  /** What waits now goes to the present outlet; `done` when that has all of it. */
  function end(outlet: Outlet, done: () => void): void {
    unfinished += 1;
    endAfter(queue.length(), {
      outlet,
      finish() {
        state = { is: 'finishing', outlet };
        outlet.finish(() => {
          unfinished -= 1;
          done();
        });
      },
    });
  }

  function change(old: Outlet): void {
    let isChanged = false;
    function next(): void {
      if (isChanged) return;
      isChanged = true;
      state = { is: 'open', outlet: newOutlet(false) };
      queue.flush();
      onOpen?.();
    }
    end(old, next);
    clock.after(CHANGE_MILLISECONDS, () => {
      if (isChanged || unfinished > LEFT_BEHIND_MAXIMUM) return;
      // What it has not taken goes to the new one.
      if (state.is === 'ending') state.finish();
      next();
    });
  }

  return {
    opened,
    write(line) {
      queue.write(line);
      if (queue.length() > 0 || state.is !== 'open' || state.outlet.settlesLater) trouble.begin();
    },
    flush: queue.flush,
    reopen() {
      // One that is on its way finds what lies there then.
      if (state.is === 'open') change(state.outlet);
    },
    close(done) {
      function begin(): void {
        if (state.is === 'open') end(state.outlet, done);
      }
      onOpen = begin;
      begin();
      trouble.whenStuck(done);
    },
  };
}
