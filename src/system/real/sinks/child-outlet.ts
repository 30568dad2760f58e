// Lines to a file through a child (append-child.ts): one that ends before its time is followed by another one, which
// gets what is not in the file yet, byte by byte: nothing is lost, and nothing is there twice.
import type { Clock, Timer } from '../../types.ts';
import {
  type AppendChild,
  type AppendEnd,
  type AppendTarget,
  BLOCK_BYTES,
  PIPE_BYTES,
  type StartAppendChild,
} from './append-child.ts';
import type { OutletNews } from './looked-outlet.ts';
import { bytesOf, type Outlet } from './outlet.ts';
import { createRecentBytes } from './recent-bytes.ts';

/** From the end of a child to the next one, and longer each time when they do not live long. */
const PAUSE_MILLISECONDS = 20;
const PAUSE_MILLISECONDS_MAXIMUM = 10_000;
const LONG_LIFE_MILLISECONDS = 1000;
const FULL_MILLISECONDS = 50;

export function createChildOutlet(
  clock: Clock,
  start: StartAppendChild,
  target: AppendTarget,
  news: OutletNews,
): Outlet {
  const sent = createRecentBytes(PIPE_BYTES + BLOCK_BYTES);
  let child: AppendChild | undefined;
  /** What has to be sent once more, before anything else. */
  let backlog = Buffer.alloc(0);
  let settledBefore = 0;
  let pauseMilliseconds = PAUSE_MILLISECONDS;
  let startedAt = 0;
  let restsUntil = 0;
  let again: Timer | undefined;
  let onFinish: (() => void) | undefined;

  function hasChild(): boolean {
    if (child !== undefined) return true;
    if (clock.now().monotonic < restsUntil) return false;
    const started = start(target, ended);
    if ('error' in started) {
      rest(started.error);
      return false;
    }
    sent.clear();
    child = started;
    startedAt = clock.now().monotonic;
    return true;
  }

  function send(bytes: Buffer): number {
    const count = child?.send(bytes) ?? 0;
    sent.add(bytes.subarray(0, count));
    return count;
  }

  /** Whether nothing of it is left. */
  function passBacklog(): boolean {
    if (backlog.length > 0 && hasChild()) backlog = backlog.subarray(send(backlog));
    if (backlog.length > 0) goOnAfter(child === undefined ? pauseMilliseconds : FULL_MILLISECONDS);
    return backlog.length === 0;
  }

  function goOnAfter(milliseconds: number): void {
    if (again !== undefined) return;
    again = clock.after(milliseconds, () => {
      again = undefined;
      if (!passBacklog()) return;
      finishChild();
      news.opened();
    });
  }

  function ended({ writtenBytes, reason }: AppendEnd): void {
    child = undefined;
    const unwritten = sent.since(writtenBytes ?? sent.total());
    const settled = sent.total() - unwritten.length;
    settledBefore += settled;
    sent.clear();
    backlog = Buffer.concat([unwritten, backlog]);
    const lifeMilliseconds = clock.now().monotonic - startedAt;
    if (settled > 0 && lifeMilliseconds > LONG_LIFE_MILLISECONDS) pauseMilliseconds = PAUSE_MILLISECONDS;
    if (backlog.length > 0) rest(reason);
    else finishChild();
  }

  function rest(reason: string): void {
    news.failed(reason);
    restsUntil = clock.now().monotonic + pauseMilliseconds;
    goOnAfter(pauseMilliseconds);
    pauseMilliseconds = Math.min(pauseMilliseconds * 2, PAUSE_MILLISECONDS_MAXIMUM);
  }

  /** Where nothing more comes: the end of the child says that all is written. */
  function finishChild(): void {
    if (onFinish === undefined) return;
    if (child !== undefined) {
      child.finish();
      return;
    }
    const done = onFinish;
    onFinish = undefined;
    done();
  }

  return {
    tryWrite(line) {
      if (!hasChild() || !passBacklog()) return 'later';
      const bytes = bytesOf(line);
      const count = send(bytes);
      if (count === 0) return 'later';
      return count === bytes.length ? 'written' : { rest: bytes.subarray(count) };
    },
    settlesLater: true,
    isBehind: () => backlog.length > 0 || (child?.writtenBytes() ?? sent.total()) < sent.total(),
    settledBytes: () => settledBefore + (child?.writtenBytes() ?? 0),
    finish(done) {
      onFinish = done;
      // The end waits for no pause.
      restsUntil = 0;
      if (passBacklog()) finishChild();
    },
  };
}
