// Two ends of a Unix stream socket in this process: made with koffi, since Node has none that waits; and who waits.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import koffi from 'koffi';

const AF_UNIX = 1;
const SOCK_STREAM_CLOEXEC = 1 | 0o2000000;
const O_NONBLOCK = 0o4000;

/** Descriptors; the test closes them. */
export function openSocketPair(): { readonly one: number; readonly other: number } {
  const pair = Buffer.alloc(8);
  const socketpair = koffi.load(null).func('int socketpair(int, int, int, uint8_t *)');
  assert.equal(socketpair(AF_UNIX, SOCK_STREAM_CLOEXEC, 0, pair), 0);
  return { one: pair.readInt32LE(0), other: pair.readInt32LE(4) };
}

/** Whether who reads or writes there waits: the same for everybody who has it. */
export function isBlocking(descriptor: number, pid: number = process.pid): boolean {
  const [, flags] = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${descriptor}`, 'utf8')) ?? [];
  return (Number.parseInt(flags ?? '', 8) & O_NONBLOCK) === 0;
}
