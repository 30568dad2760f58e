// The calls of libc that Node has no door to, through koffi: datagram sockets, file locks, a peer's uid, alarms.
// Loaded when asked for, so that a program that does not need them starts without koffi.
import { readdirSync, readSync } from 'node:fs';
import { constants } from 'node:os';
import type { CommandLines, Environments } from '../types.ts';
import { type EventCalls, eventCalls } from './kernel-events.ts';
import { type ProcCalls, procCalls } from './kernel-proc.ts';
import { createAddChildCalls } from './libc/child-calls.ts';
import { type CloseAside, createCloseAside } from './libc/close-aside.ts';
import { createCloseFrom } from './libc/close-from.ts';
import { createFileCalls, type FileCalls } from './libc/file-calls.ts';
import { prepareFileLists } from './libc/file-lists.ts';
import { createAddInChild } from './libc/in-child.ts';
import type { Koffi, Libc } from './libc/koffi.ts';
import { createLookAtPath, type LookAtPath } from './libc/look-at-path.ts';
import { loadMachineCode } from './libc/machine-code.ts';
import { type PlainCalls, plainCalls } from './libc/plain-calls.ts';
import { createProgramStarter, type ProgramStarter } from './libc/start-program.ts';
import { type SystemCalls, systemCalls } from './libc/system-calls.ts';
import { createThreads, type Threads } from './libc/threads.ts';
import { createCommandLines } from './proc/command-lines.ts';
import { createEnvironments } from './proc/environments.ts';

export type Kernel = ProcCalls &
  EventCalls &
  LibcCalls &
  PlainCalls & {
    readonly threads: Threads;
    readonly programs: ProgramStarter;
    readonly commandLines: CommandLines;
    readonly fileCalls: FileCalls;
    readonly lookAtPath: LookAtPath;
    readonly systemCalls: SystemCalls;
    readonly closeAside: CloseAside;
    readonly environments: Environments;
  };

export type LibcCalls = {
  /** A connected, non-blocking Unix datagram socket, or a negative errno; `@name` is in the abstract namespace (unix(7)). */
  connectDatagram(path: string): number;
  /** Keeps every descriptor but the three standard ones from the programs that are started (fcntl(2), FD_CLOEXEC): also those that pcheck's own parent left open. */
  keepDescriptorsFromChildren(): void;
  /** flock(2), exclusive, without waiting: whether the lock is ours now. It ends with the descriptor. */
  tryLock(descriptor: number): boolean;
  /** The uid at the other end of a Unix stream socket (SO_PEERCRED, unix(7)); undefined when the kernel does not say. */
  peerUid(descriptor: number): number | undefined;
  /** alarm(2): SIGALRM ends this process after so many seconds, instead of any set before; 0 takes it back. */
  alarm(seconds: number): void;
  /** Reads a regular file without waiting for its disk (preadv2(2), RWF_NOWAIT), where its file system can: the bytes read, or -1 when they are not in memory. */
  readAtOnce(descriptor: number, into: Buffer, position: number): number;
};

const STDERR = 2;
const F_SETFD = 2;
const FD_CLOEXEC = 1;
const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0o2000000 | 0o4000;
const SUN_PATH_BYTES = 108;
const LOCK_EX_NB = 2 | 4;
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const RWF_NOWAIT = 8;
const EOPNOTSUPP = 95;
/** struct ucred: pid, uid, gid, four bytes each. */
const UCRED_BYTES = 12;

/** Rejects when koffi or its binary for this machine is missing. */
export async function loadKernel(): Promise<Kernel> {
  const koffi = await import('koffi');
  const libc = koffi.load(null);
  const socket = libc.func('int socket(int, int, int)');
  const connect = libc.func('int connect(int, const uint8_t *, uint32_t)');
  const close = libc.func('int close(int)');
  const fcntl = libc.func('int fcntl(int, int, ...)');
  const flock = libc.func('int flock(int, int)');
  const getsockopt = libc.func('int getsockopt(int, int, int, _Out_ uint8_t *, _Inout_ uint32_t *)');
  const alarm = libc.func('uint32_t alarm(uint32_t)');
  const preadv2 = loadPreadv2(koffi, libc);
  const calls = systemCalls();
  const code = loadMachineCode(libc);
  const threads = createThreads(koffi, libc, code, calls);
  const closeFrom = createCloseFrom(libc, code, calls);
  const addInChild = createAddInChild(libc, calls, closeFrom);
  return {
    ...procCalls(koffi, libc),
    ...eventCalls(koffi, libc),
    ...plainCalls(koffi, libc),
    threads,
    systemCalls: calls,
    programs: createProgramStarter(koffi, libc, threads, calls, createAddChildCalls(libc, calls, closeFrom)),
    closeAside: createCloseAside(threads, calls),
    environments: createEnvironments(koffi, libc, threads, calls),
    fileCalls: createFileCalls(threads, prepareFileLists(libc, threads, calls, addInChild)),
    commandLines: createCommandLines(libc, threads, code, calls),
    lookAtPath: createLookAtPath(threads, calls),
    connectDatagram(path) {
      const address = unixAddress(path);
      if (address === undefined) return -constants.errno.ENAMETOOLONG;
      const descriptor: number = socket(AF_UNIX, SOCK_DGRAM_CLOEXEC_NONBLOCK, 0);
      if (descriptor < 0) return -koffi.errno();
      if (connect(descriptor, address, address.length) === 0) return descriptor;
      const error = koffi.errno();
      close(descriptor);
      return -error;
    },
    keepDescriptorsFromChildren() {
      for (const descriptor of readdirSync('/proc/self/fd').map(Number)) {
        if (descriptor > STDERR) fcntl(descriptor, F_SETFD, 'int', FD_CLOEXEC);
      }
    },
    tryLock: (descriptor) => flock(descriptor, LOCK_EX_NB) === 0,
    peerUid(descriptor) {
      const credentials = Buffer.alloc(UCRED_BYTES);
      const length = [UCRED_BYTES];
      if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, credentials, length) !== 0) return undefined;
      return credentials.readUInt32LE(4);
    },
    alarm: (seconds) => void alarm(seconds),
    readAtOnce(descriptor, into, position) {
      const read = preadv2?.(descriptor, [{ base: into, length: into.length }], 1, position, RWF_NOWAIT);
      // tmpfs cannot, and has no disk to wait for; overlayfs and networks cannot either; an old musl has no such call.
      const isUnsupported = read === undefined || (read < 0 && koffi.errno() === EOPNOTSUPP);
      return isUnsupported ? readSync(descriptor, into, 0, into.length, position) : read;
    },
  };
}

type Preadv2 = (
  descriptor: number,
  vector: readonly { readonly base: Buffer; readonly length: number }[],
  count: number,
  position: number,
  flags: number,
) => number;

function loadPreadv2(koffi: Koffi, libc: Libc): Preadv2 | undefined {
  const iovec = koffi.struct({ base: 'uint8_t *', length: 'size_t' });
  try {
    return libc.func('preadv2', 'long', ['int', koffi.pointer(iovec), 'int', 'long', 'int']);
  } catch {
    // musl before 1.2.5 has no such function.
    return undefined;
  }
}

/** As long as it is: in the abstract namespace every byte belongs to the name. */
function unixAddress(path: string): Buffer | undefined {
  const family = Buffer.alloc(2);
  family.writeUInt16LE(AF_UNIX);
  const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`);
  return name.length > SUN_PATH_BYTES ? undefined : Buffer.concat([family, name]);
}
