// Calls of libc about this process's own descriptors and its end. None of them waits.
import { errnoName, type Koffi, type Libc } from './koffi.ts';
import { O_CLOEXEC } from './system-calls.ts';

export type PlainCalls = {
  /** A file in memory (memfd_create(2)), closed in children: no write to it waits for a disk. Its descriptor. Throws. */
  memoryFile(name: string): number;
  /**
   * Both ends of a pipe (pipe2(2)), closed in children; the one for writing never waits. `capacityBytes`: it holds no
   * more (pipe(7)), else as many as the kernel thinks fit. Throws.
   */
  pipe(capacityBytes?: number): { readonly reading: number; readonly writing: number };
  /**
   * Sends to a socket as much as goes without waiting (send(2), MSG_DONTWAIT): the bytes sent, or a negative errno. The
   * flags of a socket are everybody's who has it, so they stay as they are.
   */
  sendNow(socket: number, bytes: Buffer): number;
  /** Another descriptor of the same open file, closed in children, or a negative errno (fcntl(2), F_DUPFD_CLOEXEC). */
  duplicate(descriptor: number): number;
  /** _exit(2): ends all threads, also those that hang, which process.exit() would wait for. */
  exitNow(status: number): never;
};

const F_SETFL = 4;
const F_SETPIPE_SZ = 1031;
const F_DUPFD_CLOEXEC = 1030;
const O_NONBLOCK = 0o4000;
const MFD_CLOEXEC = 1;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;

export function plainCalls(koffi: Koffi, libc: Libc): PlainCalls {
  const memfdCreate = libc.func('int memfd_create(const char *, uint32_t)');
  const pipe2 = libc.func('int pipe2(uint8_t *, int)');
  const fcntl = libc.func('int fcntl(int, int, ...)');
  const send = libc.func('long send(int, const uint8_t *, size_t, int)');
  const exit = libc.func('void _exit(int)');
  return {
    memoryFile(name) {
      const descriptor: number = memfdCreate(name, MFD_CLOEXEC);
      if (descriptor < 0) throw new Error(errnoName(koffi.errno()));
      return descriptor;
    },
    pipe(capacityBytes) {
      const ends = Buffer.alloc(8);
      if (pipe2(ends, O_CLOEXEC) !== 0) throw new Error(errnoName(koffi.errno()));
      const [reading, writing] = [ends.readInt32LE(0), ends.readInt32LE(4)];
      fcntl(writing, F_SETFL, 'int', O_NONBLOCK);
      if (capacityBytes !== undefined) fcntl(writing, F_SETPIPE_SZ, 'int', capacityBytes);
      return { reading, writing };
    },
    sendNow(socket, bytes) {
      const sent: number = send(socket, bytes, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL);
      return sent < 0 ? -koffi.errno() : sent;
    },
    duplicate(descriptor) {
      const other: number = fcntl(descriptor, F_DUPFD_CLOEXEC, 'int', 0);
      return other < 0 ? -koffi.errno() : other;
    },
    exitNow(status) {
      exit(status);
      throw new Error('_exit has returned');
    },
  };
}
