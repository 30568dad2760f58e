// Asks a pcheck one line and waits for the line of its answer, as long as it may take. A pcheck that has too many
// clients cuts some off, and its queue of those who want in may be full: that is no answer, so padmin asks again.
import { createConnection, type Socket } from 'node:net';
import { errorCode } from '../errors.ts';
import type { AskFailure } from '../types.ts';
import { collectLine } from './line-socket.ts';

const ANSWER_BYTES = 64 * 1024 * 1024;
const AGAIN_MILLISECONDS = 50;

export type Asked = { readonly answer: string } | { readonly failure: AskFailure };

/**
 * The line of the answer, or why there is none. Who was cut off, or did not get in, tries again until the time is over.
 * `onAsked`: what can be done while the other side thinks.
 */
export function askLine(
  path: string,
  question: string,
  timeoutSeconds: number,
  onAsked: () => void = () => undefined,
): Promise<Asked> {
  return new Promise((resolve) => {
    let again: NodeJS.Timeout | undefined;
    let socket = ask();
    // When this process was held up, the answer may be there all the same: it is read before this is carried out.
    const deadline = setTimeout(() => setImmediate(finish, { failure: 'no-answer' }), timeoutSeconds * 1000);

    function ask(): Socket {
      return askOnce(path, question, onAsked, (result) => {
        if (result !== undefined) return finish(result);
        again = setTimeout(() => {
          socket = ask();
        }, AGAIN_MILLISECONDS);
      });
    }
    function finish(result: Asked): void {
      clearTimeout(deadline);
      clearTimeout(again);
      resolve(result);
      socket.destroy();
    }
  });
}

/** Calls back once: undefined when it may go better another time. */
function askOnce(
  path: string,
  question: string,
  onAsked: () => void,
  done: (result: Asked | undefined) => void,
): Socket {
  const socket = createConnection(path);
  socket.on('connect', () => {
    socket.write(`${question}\n`);
    onAsked();
  });
  let isDone = false;
  function finish(result: Asked | undefined): void {
    if (isDone) return;
    isDone = true;
    socket.destroy();
    done(result);
  }
  socket.on('error', (error) => finish(failureOf(errorCode(error))));
  collectLine(socket, ANSWER_BYTES, (line) => finish(line === undefined ? undefined : { answer: line }));
  return socket;
}

/** Undefined where it may go better another time: EAGAIN (nobody has taken in the last ones yet), ECONNRESET, EPIPE. */
function failureOf(code: string): Asked | undefined {
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
    case 'ENOTDIR':
      return { failure: 'not-running' };
    case 'EACCES':
    case 'EPERM':
      return { failure: 'not-permitted' };
    default:
      return undefined;
  }
}
