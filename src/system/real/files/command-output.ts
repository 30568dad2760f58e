// What a short command writes, within a time limit: one that hangs is killed, and not waited for.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { errorCode, NoAnswerError } from '../../errors.ts';

/** Far more than one line about a user. */
const MAX_OUTPUT_CHARACTERS = 64 * 1024;

/** Undefined when there is no such program, or its status is not 0. Rejects with NoAnswerError when it is late or cannot be started. */
export function commandOutput(
  [file, ...words]: readonly [string, ...string[]],
  limitSeconds: number,
): Promise<string | undefined> {
  const asked = [file, ...words].join(' ');
  return new Promise((resolve, reject) => {
    const child = start(file, words, asked);
    // Undefined where no descriptor is left: the error tells that too.
    const stdout: Readable | undefined = child.stdout ?? undefined;
    let output = '';
    stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      if (output.length < MAX_OUTPUT_CHARACTERS) output += chunk;
    });
    function giveUp(): void {
      reject(new NoAnswerError(asked, `no answer within ${limitSeconds} s`));
      stdout?.destroy();
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        killGroup(child.pid);
    }
    // Who was stopped itself hears first what has come meanwhile.
    const deadline = setTimeout(() => setImmediate(giveUp), limitSeconds * 1000);
    child.on('error', (error) => {
      clearTimeout(deadline);
      const code = errorCode(error);
      if (code === 'ENOENT') resolve(undefined);
      else reject(new NoAnswerError(asked, code));
    });
    child.on('close', (status, signal) => {
      clearTimeout(deadline);
      if (signal !== null) reject(new NoAnswerError(asked, `ended by ${signal}`));
      else resolve(status === 0 ? output : undefined);
    });
  });
}

function start(file: string, words: readonly string[], asked: string): ChildProcess {
  try {
    // A group of its own: what it has started is killed with it.
    return spawn(file, words, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  } catch (error) {
    // ENOMEM; most errors come as an event.
    throw new NoAnswerError(asked, errorCode(error));
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: it ended in this moment.
  }
}
