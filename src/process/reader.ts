// Reads what is to be known of one process from /proc: stat first, the command line only where a rule asks
// for it. Buffers are reused; a command line is a view that the next read overwrites.
import type { ProcTable } from '../system/types.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { type Stat, statOf } from './stat.ts';
import { createStatFields, isRunning, readStat, type StatFields } from './stat-fields.ts';

export type ProcessReader = {
  /** The stat record of a process that runs; undefined when it is gone or a zombie. */
  stat(pid: number): Stat | undefined;
  /** As numbers alone, of a zombie too; false when it is gone or may not be read. */
  statFields(pid: number, fields: StatFields): boolean;
  /** The comm of the record that was read last. */
  comm(fields: StatFields): string;
  /** Nothing of it can be read: gone, or hidden (hidepid, proc(5)). */
  isUnreadable(pid: number): boolean;
  /** Undefined when it is empty or may not be read. A leader that has ended shows none: that of a living thread is read. */
  commandLine(pid: number, hasLeader: boolean): CommandLine | undefined;
  /** Its bytes, NULs between the arguments. */
  commandLineBytes(pid: number, hasLeader: boolean): Buffer | undefined;
  exe(pid: number, hasLeader: boolean): string | undefined;
  /** Whether the process lives in pcheck's own PID namespace, not in a container below it. */
  isInOwnNamespace(pid: number): boolean;
  /** The environment as it was at the program's start, NULs between; undefined when it may not be read. */
  environment(pid: number): Buffer | undefined;
  /** As statFields, but of a process alone, not of one of its further threads: those can be read though no directory lists them. */
  statFieldsOfProcess(pid: number, fields: StatFields): boolean;
  /** The real uid; undefined when it cannot be read. */
  uid(pid: number): number | undefined;
};

const FIRST_SIZE = 4096;
const LARGEST_KEPT_SIZE = FIRST_SIZE * 4 ** 4;
/** Anybody can give a process a command line of any size (prctl(2), PR_SET_MM); what lies behind this is not looked at. */
const LARGEST_SIZE = FIRST_SIZE * 4 ** 6;

export function createProcessReader(proc: ProcTable): ProcessReader {
  const small = Buffer.alloc(FIRST_SIZE);
  const fields = createStatFields();
  // Two: a command line stays in use while the status of its process is read.
  const readCommandLine = createWholeReader(proc);
  const readStatus = createWholeReader(proc);

  function status(pid: number): string {
    // A process in very many groups has a long one.
    return readStatus(pid, `${pid}/status`)?.toString('latin1') ?? '';
  }

  function commandLineBytes(pid: number, hasLeader: boolean): Buffer | undefined {
    const bytes = readCommandLine(pid, hasLeader ? undefined : `${taskPath(proc, pid)}/cmdline`);
    return bytes === undefined || bytes.length === 0 ? undefined : bytes;
  }

  function statFields(pid: number, into: StatFields): boolean {
    const length = proc.readOfProcess(pid, 'stat', small);
    return length > 0 && readStat(small, length, into);
  }

  return {
    stat(pid) {
      return statFields(pid, fields) && isRunning(fields) ? statOf(small, fields) : undefined;
    },
    statFields,
    comm: ({ commFrom, commTo }) => small.toString('utf8', commFrom, commTo),
    isUnreadable: (pid) => proc.readOfProcess(pid, 'stat', small) < 0,
    commandLine(pid, hasLeader) {
      const bytes = commandLineBytes(pid, hasLeader);
      return bytes === undefined ? undefined : parseCommandLine(bytes);
    },
    commandLineBytes,
    exe: (pid, hasLeader) => proc.exe(hasLeader ? String(pid) : taskPath(proc, pid)),
    isInOwnNamespace(pid) {
      const line = /^NSpid:\s*(.*)$/m.exec(status(pid));
      // proc_pid_status(5): one number per nested namespace, this procfs' own first.
      return line === null || (line[1] ?? '').trim().split(/\s+/).length === 1;
    },
    environment: (pid) => readStatus(pid, `${pid}/environ`),
    statFieldsOfProcess(pid, into) {
      if (!statFields(pid, into)) return false;
      // The only thread is the process; a leader that has ended still counts.
      return into.threads === 1 || /^Tgid:\t(\d+)$/m.exec(status(pid))?.[1] === String(pid);
    },
    uid(pid) {
      const line = /^Uid:\s*(\d+)/m.exec(status(pid));
      return line === null ? undefined : Number(line[1]);
    },
  };
}

/** Reads all of a file (a process's command line, or another path), or its first LARGEST_SIZE bytes, into a buffer of its own that the next call overwrites. */
function createWholeReader(proc: ProcTable): (pid: number, path?: string) => Buffer | undefined {
  let kept = Buffer.alloc(FIRST_SIZE);
  return (pid, path) => {
    for (let buffer = kept; ; buffer = Buffer.alloc(buffer.length * 4)) {
      if (buffer.length <= LARGEST_KEPT_SIZE) kept = buffer;
      const length =
        path === undefined ? proc.readOfProcess(pid, 'cmdline', buffer) : proc.read(path, buffer);
      if (length < 0) return undefined;
      if (length < buffer.length || length >= LARGEST_SIZE) return buffer.subarray(0, length);
    }
  };
}

/** A leader that has ended while other threads run shows nothing itself: a living thread does (SPEC 3). */
function taskPath(proc: ProcTable, pid: number): string {
  const living = proc.tasks(pid).find((task) => task !== pid);
  return living === undefined ? String(pid) : `${pid}/task/${living}`;
}
