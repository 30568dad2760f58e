// The receiving end of Unix datagrams, as a syslog daemon or a service manager has one: made with koffi, since
// Node has none. `@name` is in the abstract namespace.
import assert from 'node:assert/strict';
import { readSync } from 'node:fs';
import koffi from 'koffi';

const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0o2000000 | 0o4000;

/** A descriptor; the test closes it. */
export function listenAt(path: string): number {
  const libc = koffi.load(null);
  const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : path);
  const address = Buffer.concat([Buffer.from([AF_UNIX, 0]), name]);
  const descriptor: number = libc.func('int socket(int, int, int)')(AF_UNIX, SOCK_DGRAM_CLOEXEC_NONBLOCK, 0);
  const bind = libc.func('int bind(int, const uint8_t *, uint32_t)');
  const status: number = bind(descriptor, address, address.length);
  assert.equal(status, 0, path);
  return descriptor;
}

/** The next datagram, or undefined when none has come. */
export function receive(descriptor: number): string | undefined {
  const buffer = Buffer.alloc(65_536);
  try {
    return buffer.toString('utf8', 0, readSync(descriptor, buffer));
  } catch {
    // EAGAIN: nothing has come.
    return undefined;
  }
}
