// Runs call lists in threads, as many as there are lists in progress: one that hangs holds up nobody else. What no
// signal ends must not be called in a thread of this process, which could not end then: a child calls it (in-child.ts).
import { closeSync, readSync, writeSync } from 'node:fs';
import { errorCode } from '../../errors.ts';
import { type CallList, createCallList, type PlacedCall } from './call-list.ts';
import { errnoName, type Koffi, type Libc } from './koffi.ts';
import type { MachineCode } from './machine-code.ts';
import type { SystemCalls } from './system-calls.ts';
import { tell } from './tell.ts';
import { createThreadMemory, type ThreadMemory } from './thread-memory.ts';

export type Threads = {
  /** An empty list for `run`, which may be run again and again. */
  newList(capacityBytes: number): ThreadList;
  /**
   * Makes the calls of a sealed list; `onEnd` comes when it is through, however late, and as long as it has not come
   * there is something to wait for: Node does not end by itself. The error's code when there is no thread for it.
   */
  run(list: ThreadList, onEnd: () => void): string | undefined;
  /** Lists in progress. */
  count(): number;
};

export type ThreadList = CallList & {
  /** Adds the calls that `finish` means: it goes back to its thread. Then it can be run. */
  seal(): void;
  returnTo(address: number): void;
};

type Thread = { readonly memory: ThreadMemory; readonly wakeDescriptor: number };

/** Both are held as long as a thread is at it. */
type Running = { readonly list: ThreadList; readonly onEnd: () => void };

/** So many stay for the next lists. */
const IDLE_THREADS = 2;
const STACK_BYTES = 65_536;
/** More than any libc's pthread_attr_t. */
const ATTRIBUTE_BYTES = 128;
const PTHREAD_CREATE_DETACHED = 1;
const EFD_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = 0o4000;

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
  const running = new Map<Thread, Running>();
  // A thread that was let go is in its memory for a moment yet; then the next one gets it.
  const given: ThreadMemory[] = [];
  // Referenced as long as callbacks can come: a handle that nothing holds is collected.
  const poll = koffi.node.poll(doneDescriptor, { readable: true }, drain);
  poll.unref();
  // A list that ends while Node clears itself away would call into what has gone already.
  process.once('exit', () => poll.close());

  function takeMemory(): ThreadMemory {
    const at = given.findIndex(({ inUse }) => inUse.number() === 0);
    return (at < 0 ? undefined : given.splice(at, 1)[0]) ?? createThreadMemory(koffi, calls, doneDescriptor);
  }

  /** The error's code where no thread can be had. */
  function newThread(): Thread | string {
    const wakeDescriptor: number = createEventfd(0, EFD_CLOEXEC);
    if (wakeDescriptor < 0) return errnoName(koffi.errno());
    const memory = takeMemory();
    memory.setDescriptor(wakeDescriptor);
    memory.inUse.setNumber(1);
    const error: number = createThread(handle, attributes, code.run, memory.first);
    if (error === 0) return { memory, wakeDescriptor };
    memory.inUse.setNumber(0);
    given.push(memory);
    closeSync(wakeDescriptor);
    return errnoName(error);
  }

  function goOn({ memory, wakeDescriptor }: Thread, address: number): void {
    memory.go.setNext(address);
    writeSync(wakeDescriptor, one);
  }

  function letGo(thread: Thread): void {
    // It closes its descriptor itself: it may be about to read from it.
    goOn(thread, thread.memory.closeAddress);
    given.push(thread.memory);
  }

  function drain(): void {
    readCount(doneDescriptor, counted);
    const ended: Running[] = [];
    for (const [thread, run] of running) {
      if (thread.memory.done.number() === 0) continue;
      running.delete(thread);
      ended.push(run);
      if (idle.length < IDLE_THREADS) idle.push(thread);
      else letGo(thread);
    }
    if (running.size === 0) poll.unref();
    for (const { onEnd } of ended) tell(onEnd);
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
      const { done, reportAddress } = thread.memory;
      done.setNumber(0);
      list.returnTo(reportAddress);
      if (running.size === 0) poll.ref();
      running.set(thread, { list, onEnd });
      goOn(thread, list.first());
      return undefined;
    },
    count: () => running.size,
  };
}

function readCount(descriptor: number, into: Buffer): void {
  try {
    readSync(descriptor, into, 0, into.length, null);
  } catch (error) {
    // Called without a reason: nothing has been counted.
    if (errorCode(error) !== 'EAGAIN') throw error;
  }
}
