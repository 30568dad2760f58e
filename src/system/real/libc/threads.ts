// Runs call lists in threads, as many as there are lists in progress: one that hangs holds up nobody else. What must
// not wait in a thread of this process at all (a write to a disk, which no signal ends) a child does: start-program.ts.
import { closeSync, readSync, writeSync } from 'node:fs';
import { type Area, type CallList, createCallList, type PlacedCall } from './call-list.ts';
import { errnoName, type Koffi, type Libc } from './koffi.ts';
import type { MachineCode } from './machine-code.ts';
import type { SystemCalls } from './system-calls.ts';

export type Threads = {
  /** An empty list for `run`, which may be run again and again. */
  newList(capacityBytes: number): ThreadList;
  /** Makes the calls of a sealed list; `onEnd` comes when it is through, however late. The error's code when there is no thread for it. */
  run(list: ThreadList, onEnd: () => void): string | undefined;
  /** Lists in progress. */
  count(): number;
};

export type ThreadList = CallList & {
  /** All calls are in it: it ends by going back to its thread. */
  seal(): void;
  returnTo(address: number): void;
};

/** A thread waits in `wait` for its next list, and says in `done` that it has left the last one. */
type Thread = {
  readonly wakeDescriptor: number;
  readonly wait: PlacedCall;
  readonly reportAddress: number;
  readonly closeAddress: number;
  readonly done: Area;
};

/** So many stay for the next lists. */
const IDLE_THREADS = 2;
const STACK_BYTES = 65_536;
/** More than any libc's pthread_attr_t. */
const ATTRIBUTE_BYTES = 128;
const THREAD_LIST_BYTES = 1024;
const SIGNAL_SET_BYTES = 8;
const PTHREAD_CREATE_DETACHED = 1;
const EFD_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = 0o4000;
const SIG_SETMASK = 2;

export function createThreads(koffi: Koffi, libc: Libc, code: MachineCode, calls: SystemCalls): Threads {
  const createThread = libc.func('int pthread_create(uint8_t *, const uint8_t *, uint64_t, uint64_t)');
  const createEventfd = libc.func('int eventfd(uint32_t, int)');
  const attributes = Buffer.alloc(ATTRIBUTE_BYTES);
  libc.func('int pthread_attr_init(uint8_t *)')(attributes);
  libc.func('int pthread_attr_setdetachstate(uint8_t *, int)')(attributes, PTHREAD_CREATE_DETACHED);
  libc.func('int pthread_attr_setstacksize(uint8_t *, size_t)')(attributes, STACK_BYTES);
  const doneDescriptor: number = createEventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (doneDescriptor < 0) throw new Error(`eventfd: ${errnoName(koffi.errno())}`);
  const [one, counted, handle] = [Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8)];
  one.writeUInt8(1);
  const idle: Thread[] = [];
  const running = new Map<Thread, () => void>();
  // Referenced as long as callbacks can come: a handle that nothing holds is collected.
  const poll = koffi.node.poll(doneDescriptor, { readable: true }, drain);
  poll.unref();

  /** The error's code where no thread can be had. */
  function newThread(): Thread | string {
    const wakeDescriptor: number = createEventfd(0, EFD_CLOEXEC);
    if (wakeDescriptor < 0) return errnoName(koffi.errno());
    const list = createCallList(koffi, THREAD_LIST_BYTES);
    const [done, oneMore, everySignal] = [list.area(8), list.area(8), list.area(SIGNAL_SET_BYTES)];
    oneMore.setNumber(1);
    everySignal.bytes.fill(0xff);
    // Signals are for the loop.
    const first = list.add({
      system: calls.rtSigprocmask,
      arguments: [SIG_SETMASK, everySignal.address, 0, SIGNAL_SET_BYTES],
    });
    const waiting = list.label();
    list.place(waiting);
    const wait = list.add({ system: calls.read, arguments: [wakeDescriptor, list.area(8).address, 8] });
    const report = list.add({ system: calls.gettid, results: [done.address] });
    const count = [doneDescriptor, oneMore.address, 8];
    list.add({ system: calls.write, arguments: count, below: waiting, zero: waiting, above: waiting });
    const close = list.add({ system: calls.close, arguments: [wakeDescriptor] });
    const error: number = createThread(handle, attributes, code.run, first.address);
    if (error === 0) {
      return { wakeDescriptor, wait, reportAddress: report.address, closeAddress: close.address, done };
    }
    closeSync(wakeDescriptor);
    return errnoName(error);
  }

  function goOn({ wakeDescriptor, wait }: Thread, address: number): void {
    wait.setNext(address);
    writeSync(wakeDescriptor, one);
  }

  function drain(): void {
    readSync(doneDescriptor, counted, 0, counted.length, null);
    const ended: (() => void)[] = [];
    for (const [thread, onEnd] of running) {
      if (thread.done.number() === 0) continue;
      running.delete(thread);
      // It closes its descriptor itself: it may still be about to read from it.
      if (idle.length < IDLE_THREADS) idle.push(thread);
      else goOn(thread, thread.closeAddress);
      ended.push(onEnd);
    }
    if (running.size === 0) poll.unref();
    for (const onEnd of ended) tell(onEnd);
  }

  return {
    newList(capacityBytes) {
      const list = createCallList(koffi, capacityBytes);
      let last: PlacedCall | undefined;
      return {
        ...list,
        seal() {
          list.beginFinish();
          last = list.add({ system: calls.gettid });
        },
        returnTo: (address) => last?.setNext(address),
      };
    },
    run(list, onEnd) {
      const thread = idle.pop() ?? newThread();
      if (typeof thread === 'string') return thread;
      thread.done.setNumber(0);
      list.returnTo(thread.reportAddress);
      if (running.size === 0) poll.ref();
      running.set(thread, onEnd);
      goOn(thread, list.first());
      return undefined;
    },
    count: () => running.size,
  };
}

/** What is thrown into koffi is lost. */
function tell(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}
