// Reads what is to be known of one process from /proc without waiting for it: not its command line (read-lines.ts),
// whose lock the process may hold.
import type { ProcTable } from '../system/types.ts';
import { type Stat, statOf } from './stat.ts';
import { createStatFields, isRunning, readStat, type StatFields } from './stat-fields.ts';
import { createVectorReader } from './vector.ts';

export type ProcessReader = {
  /** The stat record of a process that runs; undefined when it is gone or a zombie. */
  stat(pid: number): Stat | undefined;
  /** As numbers alone, of a zombie too; false when it is gone or may not be read. */
  statFields(pid: number, fields: StatFields): boolean;
  /** The comm of the record that was read last. */
  comm(fields: StatFields): string;
  /** Nothing of it can be read: gone, or hidden (hidepid, proc(5)). */
  isUnreadable(pid: number): boolean;
  /** A thread of a process whose main thread has ended: that shows nothing itself, this one does. */
  livingTask(pid: number): number | undefined;
  exe(pid: number, hasLeader: boolean): string | undefined;
  /** Whether the process lives in pcheck's own PID namespace, not in a container below it. */
  isInOwnNamespace(pid: number): boolean;
  /** Whether these fields are a process's, not those of one of its further threads: these can be read though no directory lists them. */
  isProcess(pid: number, fields: StatFields): boolean;
  /** Another one after every exec; 0 when it may not be read. Costs half of stat. */
  programIdOf(pid: number): number;
  /** The real uid; undefined when it cannot be read. */
  uid(pid: number): number | undefined;
};

const STAT_BYTES = 4096;
const PATH_BYTES = 4096;
/** A process in very many groups has a long one. */
const STATUS_BYTES = 65_536;

export function createProcessReader(proc: ProcTable): ProcessReader {
  const small = Buffer.alloc(STAT_BYTES);
  const path = Buffer.alloc(PATH_BYTES);
  const statusBytes = Buffer.alloc(STATUS_BYTES);
  const fields = createStatFields();

  function status(pid: number): string {
    return statusBytes.toString('latin1', 0, Math.max(proc.read(`${pid}/status`, statusBytes), 0));
  }

  function statFields(pid: number, into: StatFields): boolean {
    const length = proc.readOfProcess(pid, 'stat', small);
    return length > 0 && readStat(small, length, into);
  }

  function livingTask(pid: number): number | undefined {
    return proc.tasks(pid).find((task) => task !== pid);
  }

  return {
    stat(pid) {
      return statFields(pid, fields) && isRunning(fields) ? statOf(small, fields) : undefined;
    },
    statFields,
    comm: ({ commFrom, commTo }) => small.toString('utf8', commFrom, commTo),
    isUnreadable: (pid) => proc.readOfProcess(pid, 'stat', small) < 0,
    livingTask,
    exe(pid, hasLeader) {
      const task = hasLeader ? undefined : livingTask(pid);
      if (task !== undefined) return proc.exe(`${pid}/task/${task}`);
      const length = proc.readExe(pid, path);
      return length < 0 ? undefined : path.toString('utf8', 0, length);
    },
    isInOwnNamespace(pid) {
      const line = /^NSpid:\s*(.*)$/m.exec(status(pid));
      // proc_pid_status(5): one number per nested namespace, this procfs' own first.
      return line === null || (line[1] ?? '').trim().split(/\s+/).length === 1;
    },
    // The only thread is the process; a leader that has ended still counts.
    isProcess: (pid, { threads }) =>
      threads === 1 || /^Tgid:\t(\d+)$/m.exec(status(pid))?.[1] === String(pid),
    programIdOf: createVectorReader(proc),
    uid(pid) {
      const line = /^Uid:\s*(\d+)/m.exec(status(pid));
      return line === null ? undefined : Number(line[1]);
    },
  };
}
