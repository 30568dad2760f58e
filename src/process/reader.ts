// Reads what is to be known of one process from /proc: stat first, the command line only where a rule asks
// for it. Buffers are reused; a command line is a view that the next read overwrites.
import type { ProcTable } from '../system/types.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { isRunning, parseStat, type Stat } from './stat.ts';

export type ProcessReader = {
  /** The stat record of a process that runs; undefined when it is gone or a zombie. */
  stat(pid: number): Stat | undefined;
  /** Nothing of it can be read: gone, or hidden (hidepid, proc(5)). */
  isUnreadable(pid: number): boolean;
  /** Undefined when it is empty or may not be read. */
  commandLine(pid: number, stat: Stat): CommandLine | undefined;
  exe(pid: number, stat: Stat): string | undefined;
  /** Whether the process lives in pcheck's own PID namespace, not in a container below it. */
  isInOwnNamespace(pid: number): boolean;
  /** The environment as it was at the program's start, NULs between; undefined when it may not be read. */
  environment(pid: number): Buffer | undefined;
  /** The real uid; undefined when it cannot be read. */
  uid(pid: number): number | undefined;
};

const FIRST_SIZE = 4096;
const LARGEST_KEPT_SIZE = FIRST_SIZE * 4 ** 4;
/** Anybody can give a process a command line of any size (prctl(2), PR_SET_MM); what lies behind this is not looked at. */
const LARGEST_SIZE = FIRST_SIZE * 4 ** 6;

export function createProcessReader(proc: ProcTable): ProcessReader {
  const small = Buffer.alloc(FIRST_SIZE);
  // Two: a command line stays in use while the status of its process is read.
  const readCommandLine = createWholeReader(proc);
  const readStatus = createWholeReader(proc);

  function status(pid: number): string {
    // A process in very many groups has a long one.
    return readStatus(`${pid}/status`)?.toString('latin1') ?? '';
  }

  return {
    stat(pid) {
      const length = proc.read(`${pid}/stat`, small);
      const stat = length > 0 ? parseStat(small, length) : undefined;
      return stat !== undefined && isRunning(stat) ? stat : undefined;
    },
    isUnreadable: (pid) => proc.read(`${pid}/stat`, small) < 0,
    commandLine(pid, stat) {
      const bytes = readCommandLine(`${taskPath(proc, pid, stat)}/cmdline`);
      return bytes === undefined ? undefined : parseCommandLine(bytes);
    },
    exe(pid, stat) {
      return proc.exe(taskPath(proc, pid, stat));
    },
    isInOwnNamespace(pid) {
      const line = /^NSpid:\s*(.*)$/m.exec(status(pid));
      // proc_pid_status(5): one number per nested namespace, this procfs' own first.
      return line === null || (line[1] ?? '').trim().split(/\s+/).length === 1;
    },
    environment: (pid) => readStatus(`${pid}/environ`),
    uid(pid) {
      const line = /^Uid:\s*(\d+)/m.exec(status(pid));
      return line === null ? undefined : Number(line[1]);
    },
  };
}

/** Reads all of a file, or its first LARGEST_SIZE bytes, into a buffer of its own that the next call overwrites. */
function createWholeReader(proc: ProcTable): (path: string) => Buffer | undefined {
  let kept = Buffer.alloc(FIRST_SIZE);
  return (path) => {
    for (let buffer = kept; ; buffer = Buffer.alloc(buffer.length * 4)) {
      if (buffer.length <= LARGEST_KEPT_SIZE) kept = buffer;
      const length = proc.read(path, buffer);
      if (length < 0) return undefined;
      if (length < buffer.length || length >= LARGEST_SIZE) return buffer.subarray(0, length);
    }
  };
}

/** A leader that has ended while other threads run shows nothing itself: a living thread does (SPEC 3). */
function taskPath(proc: ProcTable, pid: number, stat: Stat): string {
  if (stat.state !== 'Z') return String(pid);
  const living = proc.tasks(pid).find((task) => task !== pid);
  return living === undefined ? String(pid) : `${pid}/task/${living}`;
}
