// /proc as bytes. Processes vanish between any two calls, so what has gone or is not ours to read is an answer
// (SPEC 3). That /proc itself cannot be looked at is none: nobody is dead because we are blind.
import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { constants, uptime } from 'node:os';
import { errorCode } from '../../errors.ts';
import type { ProcTable } from '../../types.ts';
import type { ProcCalls } from '../kernel-proc.ts';
import { errnoName } from '../libc/koffi.ts';
import { createNewPids } from './new-pids.ts';

const BLANK = 0x20;
const load = Buffer.alloc(128);
/** Kept open, since it is read at every scan. */
let loadDescriptor = -1;

/** The pid that was given last in this PID namespace, where nothing stands before /proc. */
export function lastPid(): number {
  if (loadDescriptor < 0) loadDescriptor = openSync('/proc/loadavg', 'r');
  const length = readSync(loadDescriptor, load, 0, load.length, 0);
  return Number(load.toString('latin1', load.lastIndexOf(BLANK, length) + 1, length));
}

/** `isLastPidTrue`: /proc/loadavg was seen to tell the last pid of this namespace. */
export function createRealProc(kernel?: ProcCalls, isLastPidTrue = false): ProcTable {
  const uptimeSeconds = kernel?.uptimeSeconds ?? uptime;

  function listPids(): Int32Array {
    const listed = kernel?.listPids() ?? Int32Array.from(numbersIn('/proc')).sort();
    if (typeof listed === 'number') throw new Error(`/proc cannot be listed: ${errnoName(-listed)}`);
    if (!listed.includes(process.pid)) throw new Error('/proc does not show pcheck itself');
    return listed;
  }

  function isThere(pid: number): boolean {
    if (kernel !== undefined) return kernel.isThere(pid);
    try {
      return process.kill(pid, 0);
    } catch (error) {
      // EPERM: another user's. ESRCH: gone.
      return errorCode(error) === 'EPERM';
    }
  }

  return {
    newPids: createNewPids({
      lastPid,
      isLastPidTrue,
      listPids,
      isThere,
      ownPid: process.pid,
      uptimeSeconds,
    }),
    ownPid: process.pid,
    uptimeSeconds,
    pids: listPids,
    isThere,
    readOfProcess(pid, name, into) {
      if (kernel === undefined) return readFile(`${pid}/${name}`, into);
      const length = kernel.readOfProcess(pid, name, into);
      return length < 0 ? numberOrThrow(-length) : length;
    },
    readExe(pid, into) {
      if (kernel === undefined) return into.write(readLink(String(pid)) ?? '') || -1;
      const length = kernel.readExe(pid, into);
      return length < 0 ? numberOrThrow(-length) : length;
    },
    tasks: (pid) => numbersIn(`/proc/${pid}/task`),
    read: readFile,
    exe: readLink,
  };
}

/** Without calls of libc, for those who look but once. */
export const realProc: ProcTable = createRealProc();

function readFile(path: string, into: Buffer): number {
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
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(`/proc/${path}/exe`);
  } catch (error) {
    return answerOrThrow(error, undefined);
  }
}

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

const ABOUT_THE_PROCESS_NUMBERS: readonly number[] = Object.entries(constants.errno)
  .filter(([code]) => ABOUT_THE_PROCESS.includes(code))
  .map(([, number]) => number);

/** Whether that is an answer about the process, rather than about our looking. */
export function isAboutTheProcess(errno: number): boolean {
  return ABOUT_THE_PROCESS_NUMBERS.includes(errno);
}

function numberOrThrow(errno: number): number {
  if (isAboutTheProcess(errno)) return -1;
  throw new Error(errnoName(errno));
}
