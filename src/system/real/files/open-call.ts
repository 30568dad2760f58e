// Opening a file relative to an open directory, and what it is then, as calls of a list.
import { closeSync } from 'node:fs';
import type { CallList, PlacedCall } from '../libc/call-list.ts';
import { codeOf, type Failed } from '../libc/in-thread.ts';
import type { SystemCalls } from '../libc/system-calls.ts';

export type Opened = { readonly descriptor: number; readonly stat: FileStat };

export type FileStat = {
  readonly uid: number;
  /** As stat(2) has it, with the bits of its type. */
  readonly mode: number;
  /** How many names it has. */
  readonly names: number;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly device: string;
  readonly inode: string;
  /** Of a file system that keeps it: an inode is soon given again, not so this. */
  readonly birth: string;
};

/** What one opening needs of a list, with a name of the greatest length. */
export const OPEN_BYTES = 1280;

/** fcntl.h, linux/stat.h. */
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC_AND_BIRTH = 0xfff;
const STATX_BYTES = 256;

/** What cannot be opened goes on behind both calls. `read` is for when they are through. */
export function addOpen(
  list: CallList,
  calls: SystemCalls,
  parent: number,
  name: string,
  flags: number,
): { readonly open: PlacedCall; readonly stat: PlacedCall; readonly read: () => Opened | Failed } {
  const [bytes, result, without] = [list.area(STATX_BYTES), list.area(8), list.label()];
  const open = list.add({
    system: calls.openat,
    arguments: [parent, list.text(name), flags],
    below: without,
  });
  const stat = list.add({
    system: calls.statx,
    arguments: [0, list.text(''), AT_EMPTY_PATH, STATX_BASIC_AND_BIRTH, bytes.address],
    results: [result.address],
  });
  open.setResults(stat.argument(0));
  list.place(without);
  return {
    open,
    stat,
    read() {
      const descriptor = stat.argumentValue(0);
      if (descriptor < 0) return { error: codeOf(descriptor) };
      if (result.number() >= 0) return { descriptor, stat: parseStat(bytes.bytes) };
      closeSync(descriptor);
      return { error: codeOf(result.number()) };
    },
  };
}

/** struct statx. */
function parseStat(bytes: Buffer): FileStat {
  const hexadecimal = (at: number) => bytes.readUInt32LE(at).toString(16);
  return {
    names: bytes.readUInt32LE(16),
    uid: bytes.readUInt32LE(20),
    mode: bytes.readUInt16LE(28),
    inode: bytes.readBigUInt64LE(32).toString(16),
    bytes: Number(bytes.readBigUInt64LE(40)),
    birth: `${bytes.readBigInt64LE(80)}.${bytes.readUInt32LE(88)}`,
    device: `${hexadecimal(136)}-${hexadecimal(140)}`,
  };
}
