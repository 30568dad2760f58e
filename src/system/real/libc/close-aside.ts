// Closes descriptors in a thread: the close of a file on a network or FUSE file system may wait for its server.
import type { PlacedCall } from './call-list.ts';
import type { SystemCalls } from './system-calls.ts';
import type { ThreadList, Threads } from './threads.ts';

export type CloseAside = (descriptor: number) => void;

type Closing = { readonly list: ThreadList; readonly call: PlacedCall };

const LIST_BYTES = 512;
/** Lists that are kept for the next descriptors. */
const FREE_LISTS = 4;
const AGAIN_MILLISECONDS = 20;

export function createCloseAside(threads: Threads, calls: SystemCalls): CloseAside {
  const free: Closing[] = [];

  function newClosing(): Closing {
    const list = threads.newList(LIST_BYTES);
    const call = list.add({ system: calls.close });
    list.seal();
    return { list, call };
  }

  return function close(descriptor) {
    const closing = free.pop() ?? newClosing();
    closing.call.setArgument(0, descriptor);
    const release = () => {
      if (free.length < FREE_LISTS) free.push(closing);
    };
    if (threads.run(closing.list, release) === undefined) return;
    // No thread is to be had just now.
    release();
    setTimeout(close, AGAIN_MILLISECONDS, descriptor).unref();
  };
}
