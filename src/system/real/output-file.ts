// One output file: how it is opened without waiting for anybody, what it is called and how long it is, without
// asking its disk; its bytes only as far as they are in memory.
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import type { Kernel } from './kernel.ts';

export type OutputFile = {
  readonly descriptor: number;
  /** What the kernel called it when it was opened. */
  readonly name: Buffer;
  /** Another one for every file that ever lies there: an inode is soon given again, not so its time of birth. */
  readonly identity: string;
};

/** What is asked of the kernel about it; Node's own calls would cost thousands of bytes at every full check. */
export type OutputCalls = Pick<Kernel, 'readAtOnce' | 'readDescriptorLink' | 'lengthOf'>;

/** Makes it where it is missing, which is the one thing that can block here. */
export function openOutput(path: string, kernel: OutputCalls): OutputFile | { readonly error: string } {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    // Without O_NONBLOCK a FIFO in its place would be waited for; a link may lead anywhere.
    const descriptor = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    const stat = fstatSync(descriptor);
    const identity = `${stat.dev} ${stat.ino} ${stat.birthtimeMs}`;
    if (stat.isFile()) return { descriptor, name: Buffer.from(nameOf(descriptor, kernel)), identity };
    closeSync(descriptor);
    return { error: NOT_REGULAR };
  } catch (error) {
    const code = errorCode(error);
    return { error: NOT_REGULAR_CODES.includes(code) ? `${NOT_REGULAR} (${code})` : code };
  }
}

const NOT_REGULAR = 'not a regular file';
/** A link, a FIFO that nobody reads, a directory. */
const NOT_REGULAR_CODES: readonly string[] = ['ELOOP', 'ENXIO', 'EISDIR'];

export function closeOutput({ descriptor }: OutputFile): void {
  try {
    closeSync(descriptor);
  } catch {
    // EIO, ENOSPC of a network's file: what scripts wrote, not what pcheck did; it is closed all the same.
  }
}

/** Whether it was renamed or removed, or lies in a directory that was. */
export function wasMoved({ descriptor, name }: OutputFile, kernel: OutputCalls): boolean {
  return !nameOf(descriptor, kernel).equals(name);
}

const LINK_BYTES = 4096;
const link = Buffer.alloc(LINK_BYTES);

/** As a view that the next call overwrites; ` (deleted)` stands behind the path of a file that lies nowhere. */
function nameOf(descriptor: number, { readDescriptorLink }: OutputCalls): Buffer {
  return link.subarray(0, Math.max(readDescriptorLink(descriptor, link), 0));
}

export function sizeOf({ descriptor }: OutputFile, { lengthOf }: OutputCalls): number {
  // ESTALE, EIO of a network's file: there is nothing to read in it, nor to cut.
  return Math.max(lengthOf(descriptor), 0);
}

/** Empty when not all of it is to be had at once. */
export function readText(
  { readAtOnce }: OutputCalls,
  { descriptor }: OutputFile,
  start: number,
  end: number,
): string {
  const buffer = Buffer.alloc(end - start);
  let reader: number;
  try {
    // The descriptor of the scripts is for writing only: what they leave behind shall not read it.
    reader = openSync(`/proc/self/fd/${descriptor}`, 'r');
  } catch {
    // EMFILE, EACCES: the output is in its file all the same.
    return '';
  }
  try {
    return readAtOnce(reader, buffer, start) === buffer.length ? buffer.toString() : '';
  } finally {
    closeSync(reader);
  }
}
