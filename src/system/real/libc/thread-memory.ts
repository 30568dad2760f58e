// The memory of a thread, and what it calls between two lists: it waits to be woken, makes the calls of a list, says
// that it has left it, and waits again. When it is started, woken and let go: threads.ts.
import { type Area, createCallList, type PlacedCall } from './call-list.ts';
import type { Koffi } from './koffi.ts';
import type { SystemCalls } from './system-calls.ts';

export type ThreadMemory = {
  /** Where a thread begins. */
  readonly first: number;
  /** The eventfd that wakes it; it closes it itself. */
  setDescriptor(descriptor: number): void;
  /** What it calls when it is woken: goes on with a list, or with `closeAddress`, which ends it. */
  readonly go: PlacedCall;
  readonly closeAddress: number;
  /** Where a list has to end. */
  readonly reportAddress: number;
  /** Not 0 when it has left its list. */
  readonly done: Area;
  /** 0 when there is no thread any more that needs this memory. */
  readonly inUse: Area;
};

const LIST_BYTES = 1024;
const SIGNAL_SET_BYTES = 8;
const SIG_SETMASK = 2;

/** It counts in `doneDescriptor`, an eventfd, that it has left a list. */
export function createThreadMemory(koffi: Koffi, calls: SystemCalls, doneDescriptor: number): ThreadMemory {
  const list = createCallList(koffi, LIST_BYTES);
  const [done, inUse, oneMore] = [list.area(8), list.area(8), list.area(8)];
  const [woken, everySignal] = [list.area(8), list.area(SIGNAL_SET_BYTES)];
  oneMore.setNumber(1);
  everySignal.bytes.fill(0xff);
  // Signals are for the loop.
  const mask = [SIG_SETMASK, everySignal.address, 0, SIGNAL_SET_BYTES];
  const begin = list.add({ system: calls.rtSigprocmask, arguments: mask });
  const waiting = list.label();
  list.place(waiting);
  const wait = list.add({
    system: calls.read,
    arguments: [0, woken.address, 8],
    below: waiting,
    zero: waiting,
  });
  const go = list.add({ system: calls.gettid });
  const report = list.add({ system: calls.gettid, results: [done.address] });
  list.add({
    system: calls.write,
    arguments: [doneDescriptor, oneMore.address, 8],
    below: waiting,
    zero: waiting,
    above: waiting,
  });
  const close = list.add({ system: calls.close, results: [inUse.address] });
  return {
    first: begin.address,
    setDescriptor(descriptor) {
      wait.setArgument(0, descriptor);
      close.setArgument(0, descriptor);
    },
    go,
    closeAddress: close.address,
    reportAddress: report.address,
    done,
    inUse,
  };
}
