// One /proc/PID/stat record (proc_pid_stat(5)) of a process that is looked at for itself. Of thousands: stat-fields.ts.
import { createStatFields, isKernelThread, readStat, type StatFields } from './stat-fields.ts';

export type Stat = {
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  readonly processGroup: number;
  readonly session: number;
  readonly isKernelThread: boolean;
  readonly threads: number;
  readonly startTicks: number;
  /** Where the stack of its program begins: a fork has its parent's, every exec draws a new one. 0 when not permitted to know. */
  readonly startStack: number;
};

/** The record in the first `length` bytes, or undefined when they hold none (a process that ended meanwhile). */
export function parseStat(bytes: Buffer, length: number): Stat | undefined {
  const fields = createStatFields();
  return readStat(bytes, length, fields) ? statOf(bytes, fields) : undefined;
}

/** The record that was read into the fields from these bytes. */
export function statOf(bytes: Buffer, fields: StatFields): Stat {
  const { ppid, processGroup, session, threads, startTicks, startStack } = fields;
  return {
    comm: bytes.toString('utf8', fields.commFrom, fields.commTo),
    state: String.fromCharCode(fields.state),
    ppid,
    processGroup,
    session,
    isKernelThread: isKernelThread(fields),
    threads,
    startTicks,
    startStack,
  };
}
