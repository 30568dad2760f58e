// Calls of libc about this process's own descriptors and its end. None of them waits.
import { errnoName, type Koffi, type Libc } from './koffi.ts';
import { O_CLOEXEC } from './system-calls.ts';

export type PlainCalls = {
  /** A file in memory (memfd_create(2)), closed in children: no write to it waits for a disk. Its descriptor. Throws. */
  memoryFile(name: string): number;
  /** Both ends of a pipe (pipe2(2)), closed in children; the one for writing never waits. Throws. */
  pipe(): { readonly reading: number; readonly writing: number };
  /** _exit(2): ends all threads, also those that hang, which process.exit() would wait for. */
  exitNow(status: number): never;
};

const F_SETFL = 4;
const O_NONBLOCK = 0o4000;
const MFD_CLOEXEC = 1;

export function plainCalls(koffi: Koffi, libc: Libc): PlainCalls {
  const memfdCreate = libc.func('int memfd_create(const char *, uint32_t)');
  const pipe2 = libc.func('int pipe2(uint8_t *, int)');
  const fcntl = libc.func('int fcntl(int, int, ...)');
  const exit = libc.func('void _exit(int)');
  return {
    memoryFile(name) {
      const descriptor: number = memfdCreate(name, MFD_CLOEXEC);
      if (descriptor < 0) throw new Error(errnoName(koffi.errno()));
      return descriptor;
    },
    pipe() {
      const ends = Buffer.alloc(8);
      if (pipe2(ends, O_CLOEXEC) !== 0) throw new Error(errnoName(koffi.errno()));
      const [reading, writing] = [ends.readInt32LE(0), ends.readInt32LE(4)];
      fcntl(writing, F_SETFL, 'int', O_NONBLOCK);
      return { reading, writing };
    },
    exitNow(status) {
      exit(status);
      throw new Error('_exit has returned');
    },
  };
}
