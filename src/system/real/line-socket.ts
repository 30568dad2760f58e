// One question, one answer, a line each, over a Unix stream socket: pcheck's side (padmin's is ask-line.ts). What
// the lines say is src/control's. A client that hangs, floods or talks rubbish is cut off (SPEC 6).
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { LineServer } from '../types.ts';
import { createConnectionLimit } from './connection-limit.ts';

const SUN_PATH_BYTES_MAXIMUM = 107;
const CONNECTIONS_MAXIMUM = 64;
const EXCHANGE_SECONDS = 10;
const QUESTION_BYTES = 64 * 1024;

/** Whether the peer at this descriptor may ask. */
export type PeerCheck = (descriptor: number) => boolean;

/** Listens on a path whose lock the caller holds, so a socket file left there is stale. Rejects as listen(2) does. */
export function serveLines(
  path: string,
  isAllowed: PeerCheck,
  answer: (line: string) => string | Promise<string>,
): Promise<LineServer> {
  // A longer one would be cut, and the socket be somewhere else (unix(7)).
  if (Buffer.byteLength(path) > SUN_PATH_BYTES_MAXIMUM)
    return Promise.reject(new Error(`${path} is too long for a socket`));
  rmSync(path, { force: true });
  const takeIn = createConnectionLimit(CONNECTIONS_MAXIMUM);
  const server = createServer((socket) => {
    // A client that goes away in the middle is its own business.
    socket.on('error', () => socket.destroy());
    if (!isAllowed(descriptorOf(socket))) {
      socket.destroy();
      return;
    }
    const place = takeIn(socket);
    const begin = () => setTimeout(() => socket.destroy(), EXCHANGE_SECONDS * 1000);
    let deadline = begin();
    socket.on('close', () => clearTimeout(deadline));
    function send(text: string): void {
      place.isAnswered();
      // What has gone out can be read for as long as the client likes; the connection is not needed for it.
      socket.end(`${text}\n`, () => socket.destroy());
    }
    collectLine(socket, QUESTION_BYTES, (line) => {
      place.asks();
      const text = line === undefined ? undefined : answer(line);
      if (text === undefined) socket.destroy();
      else if (typeof text === 'string') send(text);
      else {
        // The time that the answer takes is not the client's.
        clearTimeout(deadline);
        void text.then((late) => {
          if (socket.destroyed) return;
          deadline = begin();
          send(late);
        });
      }
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      chmodSync(path, 0o600);
      // From here on an error is one of accept(2), such as EMFILE: the next client may fare better.
      server.removeListener('error', reject).on('error', () => undefined);
      resolve({
        close() {
          server.close();
          rmSync(path, { force: true });
        },
      });
    });
  });
}

/** -1 where this Node does not show it: the kernel then says nothing of the peer either. */
function descriptorOf(socket: Socket): number {
  // Node keeps the descriptor of a socket in a field without a type.
  const { _handle } = socket as unknown as { _handle?: { fd?: number } };
  return _handle?.fd ?? -1;
}

/** Calls back once: with the first line, or undefined when the peer ended without one or sent too much. */
export function collectLine(
  socket: Socket,
  maximumBytes: number,
  done: (line: string | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isDone = false;
  function finish(line: string | undefined): void {
    if (isDone) return;
    isDone = true;
    done(line);
  }
  socket.on('data', (chunk: Buffer) => {
    if (isDone) return;
    const end = chunk.indexOf('\n');
    const part = end < 0 ? chunk : chunk.subarray(0, end);
    chunks.push(part);
    bytes += part.length;
    if (bytes > maximumBytes) finish(undefined);
    else if (end >= 0) finish(Buffer.concat(chunks).toString('utf8'));
  });
  socket.on('end', () => finish(undefined));
}
