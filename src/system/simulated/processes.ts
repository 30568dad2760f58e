// A process table in memory that answers like /proc: stat, cmdline and status as the kernel words them.
import type { ProcTable } from '../types.ts';
import { readProc } from './proc-text.ts';

export type SimulatedProcess = {
  readonly pid: number;
  ppid: number;
  processGroup: number;
  session: number;
  startTicks: number;
  comm: string;
  argv: readonly string[];
  exe: string;
  isZombie: boolean;
  /** More than one with isZombie: the leader has ended, threads go on. */
  threads: number;
  isKernelThread: boolean;
  /** How many PID namespaces below pcheck's own it lives in. */
  namespacesBelow: number;
  uid: number;
  environment: Readonly<Record<string, string>>;
  startStack: number;
  /** Its command line cannot be read just now. */
  isUnreadable: boolean;
};

export type ProcessSeed = Partial<Omit<SimulatedProcess, 'pid' | 'argv'>> & {
  readonly argv: readonly string[];
};

export type SimulatedProcesses = ProcTable & {
  /** A new process; the next free pid after the last one that was given, unless one is asked for. */
  start(seed: ProcessSeed, pid?: number): SimulatedProcess;
  /** As a pid, a session or a process group. */
  isTaken(pid: number): boolean;
  get(pid: number): SimulatedProcess | undefined;
  end(pid: number): void;
  /** /proc cannot be looked at just now, for this reason. */
  failure: string | undefined;
};

const OWN_PID = 100;

export function createSimulatedProcesses(ticks: () => number): SimulatedProcesses {
  const table = new Map<number, SimulatedProcess>();
  let lastPid = OWN_PID;
  let hasBegunAgain = false;
  const come: number[] = [];
  let starts = 0;
  const processes: SimulatedProcesses = {
    ownPid: OWN_PID,
    failure: undefined,
    uptimeSeconds: () => ticks() / 100,
    pids() {
      throwFailure();
      return Int32Array.from(table.keys()).sort();
    },
    newPids() {
      throwFailure();
      const pids = come.splice(0).filter((pid) => table.has(pid));
      if (!hasBegunAgain) return { are: 'these', pids };
      hasBegunAgain = false;
      return { are: 'anew', pids: processes.pids() };
    },
    readOfProcess: (pid, name, into) => processes.read(`${pid}/${name}`, into),
    readExe(pid, into) {
      const exe = processes.exe(String(pid));
      return exe === undefined ? -1 : into.write(exe);
    },
    tasks: (pid) => {
      const { threads = 0 } = table.get(pid) ?? {};
      return Array.from({ length: threads }, (_, index) => pid + index);
    },
    read(path, into) {
      throwFailure();
      const text = readProc(table, path);
      return text === undefined ? -1 : into.write(text);
    },
    isThere: (pid) =>
      pid < 0 ? [...table.values()].some(({ processGroup }) => processGroup === -pid) : table.has(pid),
    exe(path) {
      const process = table.get(Number.parseInt(path, 10));
      return process === undefined || (process.isZombie && !path.includes('/task/'))
        ? undefined
        : process.exe;
    },
    start(seed, pid = nextPid()) {
      if (table.has(pid)) throw new Error(`pid ${pid} is taken`);
      // All pids are never given between two questions, so that they have begun again is seen.
      hasBegunAgain ||= pid <= lastPid;
      lastPid = pid;
      come.push(pid);
      starts += 1;
      const command = seed.argv[0] ?? '';
      const process: SimulatedProcess = {
        pid,
        ppid: 1,
        processGroup: pid,
        session: pid,
        startTicks: ticks(),
        comm: (command.split('/').at(-1) ?? '').slice(0, 15),
        exe: command,
        isZombie: false,
        threads: 1,
        isKernelThread: false,
        namespacesBelow: 0,
        uid: 0,
        environment: {},
        startStack: 0x7ffc_0000_0000 + starts * 16,
        isUnreadable: false,
        ...seed,
      };
      table.set(pid, process);
      return process;
    },
    isTaken: (pid) =>
      table.has(pid) ||
      [...table.values()].some(({ session, processGroup }) => session === pid || processGroup === pid),
    get: (pid) => table.get(pid),
    end: (pid) => void table.delete(pid),
  };
  return processes;

  /** As the kernel gives them: in turn; a number that somebody has as a pid, session or process group is passed over. */
  function nextPid(): number {
    let pid = lastPid + 1;
    while (processes.isTaken(pid)) pid += 1;
    return pid;
  }

  function throwFailure(): void {
    if (processes.failure !== undefined) throw new Error(processes.failure);
  }
}
