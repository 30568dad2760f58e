// /proc as bytes. Processes vanish between any two calls, so what has gone or is not ours to read is an answer
// (SPEC 3). That /proc itself cannot be looked at is none: nobody is dead because we are blind.
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import type { ProcTable } from '../types.ts';

export const realProc: ProcTable = {
  ownPid: process.pid,
  uptimeSeconds: () => Number.parseFloat(readFileSync('/proc/uptime', 'latin1')),
  pids() {
    const pids = numbersIn('/proc');
    if (!pids.includes(process.pid)) throw new Error('/proc does not show pcheck itself');
    return pids;
  },
  tasks: (pid) => numbersIn(`/proc/${pid}/task`),
  read(path, into) {
    let descriptor: number;
    try {
      descriptor = openSync(`/proc/${path}`, 'r');
    } catch (error) {
      return answerOrThrow(error, -1);
    }
    try {
      let length = 0;
      while (length < into.length) {
        const bytes = readSync(descriptor, into, length, into.length - length, null);
        if (bytes === 0) break;
        length += bytes;
      }
      return length;
    } catch (error) {
      return answerOrThrow(error, -1);
    } finally {
      closeSync(descriptor);
    }
  },
  isHidden(pid) {
    try {
      return process.kill(pid, 0);
    } catch (error) {
      // EPERM: another user's. ESRCH: gone.
      return errorCode(error) === 'EPERM';
    }
  },
  exe(path) {
    try {
      return readlinkSync(`/proc/${path}/exe`);
    } catch (error) {
      return answerOrThrow(error, undefined);
    }
  },
};

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .map(Number)
      .filter((number) => number > 0);
  } catch (error) {
    return answerOrThrow(error, []);
  }
}

/** ENOENT, ESRCH: gone. EACCES, EPERM: not ours. EIO, EINVAL: its memory cannot be read just now. */
const ABOUT_THE_PROCESS = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'EIO', 'EINVAL'];

function answerOrThrow<Answer>(error: unknown, answer: Answer): Answer {
  if (ABOUT_THE_PROCESS.includes(errorCode(error))) return answer;
  throw error;
}
