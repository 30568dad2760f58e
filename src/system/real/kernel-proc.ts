// /proc by plain calls of libc: a monitor that reads thousands of records a minute makes no path strings, no
// exceptions and no garbage. What the answers mean: proc.ts.
import { closeSync, constants as files, openSync } from 'node:fs';
import { constants } from 'node:os';
import { digitsAt, putDigits } from './digits.ts';
import { type Koffi, type Libc, optional } from './libc/koffi.ts';

export type ProcCalls = {
  /** The pids in /proc in ascending order, in an array that the next call overwrites; a negative errno, or undefined where libc has no such call. */
  listPids(): Int32Array | number | undefined;
  /** /proc/PID/NAME from its beginning; bytes read (all of them, or as many as fit), or a negative errno. */
  readOfProcess(pid: number, name: string, into: Buffer): number;
  /** What the link /proc/PID/exe holds; bytes, or a negative errno. */
  readExe(pid: number, into: Buffer): number;
  /** What the link /proc/self/fd/DESCRIPTOR holds: where its file lies; bytes, or a negative errno. */
  readDescriptorLink(descriptor: number, into: Buffer): number;
  /** How long the descriptor's file is, as far as that is known here: its server is not asked (statx(2), AT_STATX_DONT_SYNC). Or a negative errno. An old musl has lseek(2) only. */
  lengthOf(descriptor: number): number;
  /** Whether there is a process of this pid, whoever may see it (kill(2), signal 0). */
  isThere(pid: number): boolean;
  /** CLOCK_BOOTTIME (clock_gettime(2)): what the start times of processes are told by. */
  uptimeSeconds(): number;
};

/** Not in Node's constants. */
const O_CLOEXEC = 0o2000000;
const SEEK_SET = 0;
const SEEK_END = 2;
/** fcntl.h, linux/stat.h. */
const AT_EMPTY_PATH = 0x1000;
const AT_STATX_DONT_SYNC = 0x4000;
const STATX_SIZE = 0x200;
const STATX_BYTES = 256;
const SIZE_OFFSET = 40;
const CLOCK_BOOTTIME = 7;
const DIRECTORY_BYTES = 65_536;
/** struct linux_dirent64 (getdents(2)): inode, offset, length of the record, type, name. */
const LENGTH_OFFSET = 16;
const NAME_OFFSET = 19;

export function procCalls(koffi: Koffi, libc: Libc): ProcCalls {
  const open = libc.func('int open(const uint8_t *, int)');
  const read = libc.func('long read(int, uint8_t *, size_t)');
  const close = libc.func('int close(int)');
  const readlink = libc.func('long readlink(const uint8_t *, uint8_t *, size_t)');
  const lseek = libc.func('long lseek(int, long, int)');
  const statx = optional(libc, 'int statx(int, const uint8_t *, int, uint32_t, uint8_t *)');
  const kill = libc.func('int kill(int, int)');
  const gettime = libc.func('int clock_gettime(int, uint8_t *)');
  const getdents = optional(libc, 'long getdents64(int, uint8_t *, size_t)');
  const entries = Buffer.alloc(DIRECTORY_BYTES);
  const path = Buffer.alloc(64);
  const time = Buffer.alloc(16);
  const [noPath, stat] = [Buffer.alloc(1), Buffer.alloc(STATX_BYTES)];
  const start = path.write('/proc/');
  const link = Buffer.alloc(64);
  const linkStart = link.write('/proc/self/fd/');
  const names = new Map<string, Buffer>();
  let pids = new Int32Array(4096);
  let folder = -1;

  function putPath(pid: number, name: string): void {
    let bytes = names.get(name);
    if (bytes === undefined) {
      bytes = Buffer.from(`/${name}\0`);
      names.set(name, bytes);
    }
    bytes.copy(path, putDigits(path, start, pid));
  }

  /** What a call has answered, or why it has not, as a negative number. */
  function orErrno(answer: number): number {
    return answer < 0 ? -koffi.errno() : answer;
  }

  function openFolder(): void {
    // Kept open: one descriptor less to be had when none is left.
    if (folder < 0) folder = openSync('/proc', files.O_RDONLY | files.O_DIRECTORY);
  }

  return {
    listPids() {
      if (getdents === undefined) return undefined;
      openFolder();
      if (lseek(folder, 0, SEEK_SET) < 0) return -koffi.errno();
      let count = 0;
      for (;;) {
        const length: number = getdents(folder, entries, entries.length);
        if (length < 0) {
          const error = koffi.errno();
          closeSync(folder);
          folder = -1;
          return -error;
        }
        if (length === 0) return pids.subarray(0, count);
        for (let at = 0; at < length; at += lengthAt(entries, at)) {
          const pid = digitsAt(entries, at + NAME_OFFSET);
          if (pid === 0) continue;
          if (count === pids.length) pids = grown(pids);
          pids[count] = pid;
          count += 1;
        }
      }
    },
    readOfProcess(pid, name, into) {
      putPath(pid, name);
      const descriptor: number = open(path, files.O_RDONLY | O_CLOEXEC);
      if (descriptor < 0) return -koffi.errno();
      // The kernel's files of a process come whole, as far as there is room.
      const length = orErrno(read(descriptor, into, into.length));
      close(descriptor);
      return length;
    },
    readExe(pid, into) {
      putPath(pid, 'exe');
      return orErrno(readlink(path, into, into.length));
    },
    readDescriptorLink(descriptor, into) {
      link[putDigits(link, linkStart, descriptor)] = 0;
      return orErrno(readlink(link, into, into.length));
    },
    lengthOf(descriptor) {
      if (statx === undefined) return orErrno(lseek(descriptor, 0, SEEK_END));
      const flags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
      if (statx(descriptor, noPath, flags, STATX_SIZE, stat) !== 0) return -koffi.errno();
      return Number(stat.readBigUInt64LE(SIZE_OFFSET));
    },
    isThere: (pid) => kill(pid, 0) === 0 || koffi.errno() === constants.errno.EPERM,
    uptimeSeconds() {
      gettime(CLOCK_BOOTTIME, time);
      return Number(time.readBigInt64LE(0)) + time.readUInt32LE(8) / 1e9;
    },
  };
}

function lengthAt(bytes: Buffer, at: number): number {
  return (bytes[at + LENGTH_OFFSET] ?? 0) | ((bytes[at + LENGTH_OFFSET + 1] ?? 0) << 8);
}

function grown(pids: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(pids.length * 2);
  larger.set(pids);
  return larger;
}
