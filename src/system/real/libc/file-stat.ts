// What statx(2) tells of a file.

export type FileStat = {
  /** With the bits of its type, as stat(2) has it. */
  readonly mode: number;
  readonly uid: number;
  readonly device: { readonly major: number; readonly minor: number };
  readonly inode: bigint;
  readonly bytes: number;
};

/** struct statx, and what it is asked for. */
export const STATX_BYTES = 256;
export const STATX_BASIC_STATS = 0x7ff;
/** The byte of the mode with the type of the file. */
export const MODE_TYPE_OFFSET = 29;

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;

export function isRegular({ mode }: FileStat): boolean {
  return (mode & S_IFMT) === S_IFREG;
}

export function readStatx(bytes: Buffer): FileStat {
  return {
    uid: bytes.readUInt32LE(20),
    mode: bytes.readUInt16LE(28),
    inode: bytes.readBigUInt64LE(32),
    bytes: Number(bytes.readBigUInt64LE(40)),
    device: { major: bytes.readUInt32LE(136), minor: bytes.readUInt32LE(140) },
  };
}
