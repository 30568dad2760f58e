// The ends of processes as the kernel tells them: a pidfd for each (pidfd_open(2)), all in one epoll, which
// Node's own loop watches through koffi. No thread, no polling.
import { closeSync } from 'node:fs';
import type { Exits } from '../types.ts';
import { descriptorsFor } from './descriptors.ts';
import { errnoName, type Koffi, type Libc } from './libc/koffi.ts';

export type EventCalls = {
  /** Of so many at a time, more is EMFILE. Throws, with the reason, where the kernel has no such thing. */
  openExits(maximum?: number): Exits & { close(): void };
};

/** The same number on every machine (asm-generic/unistd.h). */
const SYS_PIDFD_OPEN = 434;
const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
const EVENTS = 256;

export function eventCalls(koffi: Koffi, libc: Libc): EventCalls {
  const syscall = libc.func('long syscall(long, int, uint32_t)');
  const epollCreate = libc.func('int epoll_create1(int)');
  const epollControl = libc.func('int epoll_ctl(int, int, int, uint8_t *)');
  const epollWait = libc.func('int epoll_wait(int, uint8_t *, int, int)');
  // struct epoll_event is packed on x86-64 alone.
  const [eventBytes, dataOffset] = process.arch === 'x64' ? [12, 4] : [16, 8];
  return {
    openExits(maximum = descriptorsFor('ends')) {
      const epoll: number = epollCreate(EPOLL_CLOEXEC);
      if (epoll < 0) throw new Error(`epoll_create1: ${errnoName(koffi.errno())}`);
      const events = Buffer.alloc(EVENTS * eventBytes);
      const interest = Buffer.alloc(eventBytes);
      const callbacks = new Map<number, () => void>();
      // Referenced as long as callbacks can come: a handle that nothing holds is collected, and the watch ends silently.
      const handle = koffi.node.poll(epoll, { readable: true }, drain);

      /** What waits until all ends of this moment have been told; undefined while none is being told. */
      let waiting: (() => void)[] | undefined;

      /** What waits for it comes at once, from here: a way through Node's queues would stand between a death and its restart. */
      function drain(): void {
        const told: number[] = [];
        try {
          for (const task of tellAll(told)) task();
        } catch (error) {
          // What is thrown into koffi is lost.
          setImmediate(() => {
            throw error;
          });
        } finally {
          told.forEach(remove);
        }
      }

      /** Hands back what has waited for it. */
      function tellAll(told: number[]): readonly (() => void)[] {
        const tasks: (() => void)[] = [];
        waiting = tasks;
        try {
          while (callbacks.size > 0 && tellOnce(told) === EVENTS) told.splice(0).forEach(remove);
        } finally {
          waiting = undefined;
        }
        return tasks;
      }

      function tellOnce(told: number[]): number {
        const count: number = epollWait(epoll, events, EVENTS, 0);
        const ended: (() => void)[] = [];
        for (let index = 0; index < count; index++) {
          const pidfd = events.readInt32LE(index * eventBytes + dataOffset);
          const callback = callbacks.get(pidfd);
          if (callback === undefined) continue;
          callbacks.delete(pidfd);
          told.push(pidfd);
          ended.push(callback);
        }
        for (const callback of ended) callback();
        return count;
      }

      function forget(pidfd: number): void {
        if (callbacks.delete(pidfd)) remove(pidfd);
      }

      /** Closing alone would not take it out of the epoll while a child that is being started has it too (epoll(7)). */
      function remove(pidfd: number): void {
        epollControl(epoll, EPOLL_CTL_DEL, pidfd, interest);
        closeSync(pidfd);
      }

      return {
        watch(pid, onExit) {
          if (callbacks.size >= maximum) return { error: 'EMFILE' };
          const pidfd: number = syscall(SYS_PIDFD_OPEN, pid, 0);
          if (pidfd < 0) return { error: errnoName(koffi.errno()) };
          interest.writeUInt32LE(EPOLLIN, 0);
          interest.writeInt32LE(pidfd, dataOffset);
          if (epollControl(epoll, EPOLL_CTL_ADD, pidfd, interest) < 0) {
            const error = errnoName(koffi.errno());
            closeSync(pidfd);
            return { error };
          }
          callbacks.set(pidfd, onExit);
          return { close: () => forget(pidfd) };
        },
        afterTold(task) {
          if (waiting === undefined) setImmediate(task);
          else waiting.push(task);
        },
        close() {
          for (const pidfd of [...callbacks.keys()]) forget(pidfd);
          handle.close();
          closeSync(epoll);
        },
      };
    },
  };
}
