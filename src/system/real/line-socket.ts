// One question, one answer, a line each, over a Unix stream socket: the transport of padmin and pcheck. What
// the lines say is src/control's. A client that hangs, floods or talks rubbish is cut off (SPEC 6).
import { chmodSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { errorCode } from '../errors.ts';
import type { AskFailure, LineServer } from '../types.ts';

const SUN_PATH_BYTES_MAXIMUM = 107;
const CONNECTIONS_MAXIMUM = 64;
const EXCHANGE_SECONDS = 10;
const QUESTION_BYTES = 64 * 1024;
const ANSWER_BYTES = 64 * 1024 * 1024;

/** Whether the peer at this descriptor may ask. */
export type PeerCheck = (descriptor: number) => boolean;

/** Listens on a path whose lock the caller holds, so a socket file left there is stale. Rejects as listen(2) does. */
export function serveLines(
  path: string,
  isAllowed: PeerCheck,
  answer: (line: string) => string,
): Promise<LineServer> {
  // A longer one would be cut, and the socket be somewhere else (unix(7)).
  if (Buffer.byteLength(path) > SUN_PATH_BYTES_MAXIMUM)
    return Promise.reject(new Error(`${path} is too long for a socket`));
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    // A client that goes away in the middle is its own business.
    socket.on('error', () => socket.destroy());
    if (!isAllowed(descriptorOf(socket))) {
      socket.destroy();
      return;
    }
    const deadline = setTimeout(() => socket.destroy(), EXCHANGE_SECONDS * 1000);
    socket.on('close', () => clearTimeout(deadline));
    collectLine(socket, QUESTION_BYTES, (line) => {
      if (line === undefined) socket.destroy();
      else socket.end(`${answer(line)}\n`);
    });
  });
  server.maxConnections = CONNECTIONS_MAXIMUM;
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

export type Asked = { readonly answer: string } | { readonly failure: AskFailure };

/** Asks once; the answer's line, or why there is none. `onAsked`: what can be done while the other side thinks. */
export function askLine(
  path: string,
  question: string,
  timeoutSeconds: number,
  onAsked: () => void = () => undefined,
): Promise<Asked> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.on('connect', () => {
      socket.write(`${question}\n`);
      onAsked();
    });
    const deadline = setTimeout(() => finish({ failure: 'no-answer' }), timeoutSeconds * 1000);
    socket.on('error', (error) => finish({ failure: failureOf(errorCode(error)) }));
    collectLine(socket, ANSWER_BYTES, (line) =>
      finish(line === undefined ? { failure: 'no-answer' } : { answer: line }),
    );
    function finish(result: Asked): void {
      clearTimeout(deadline);
      resolve(result);
      socket.destroy();
    }
  });
}

function failureOf(code: string): AskFailure {
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
    case 'ENOTDIR':
      return 'not-running';
    case 'EACCES':
    case 'EPERM':
      return 'not-permitted';
    default:
      return 'no-answer';
  }
}

/** -1 where this Node does not show it: the kernel then says nothing of the peer either. */
function descriptorOf(socket: Socket): number {
  // Node keeps the descriptor of a socket in a field without a type.
  const { _handle } = socket as unknown as { _handle?: { fd?: number } };
  return _handle?.fd ?? -1;
}

/** Calls back once: with the first line, or undefined when the peer ended without one or sent too much. */
function collectLine(socket: Socket, maximumBytes: number, done: (line: string | undefined) => void): void {
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
