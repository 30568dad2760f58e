// The processes of the machine by pid: who comes and goes. What is read of each: read-process.ts.
import type { ProcTable } from '../../system/types.ts';
import { newTrackedProcess, type TrackedProcess, UNREAD } from './tracked-process.ts';

export type Tracked = {
  get(pid: number): TrackedProcess | undefined;
  all(): Iterable<TrackedProcess>;
  /** Who has started at this tick or later, as far as `update` was asked to remember them. */
  young(fromTicks: number): TrackedProcess[];
  /** Its start is known now. */
  noteStart(process: TrackedProcess): void;
  remove(process: TrackedProcess): void;
  /**
   * Asks who has come. `come`: whoever is new. `isAnew`: any known pid may be a new process. Who has gone is removed when
   * all are listed; who has started before `youngFromTicks` is not young any more.
   */
  update(
    isListDue: boolean,
    youngFromTicks: number,
  ): { readonly come: TrackedProcess[]; readonly isAnew: boolean };
};

/** `onRemove`: it has gone. */
export function createTracked(proc: ProcTable, onRemove: (process: TrackedProcess) => void): Tracked {
  const processes = new Map<number, TrackedProcess>();
  const youngOnes = new Set<TrackedProcess>();
  let lists = 1;

  function remove(process: TrackedProcess): void {
    processes.delete(process.pid);
    youngOnes.delete(process);
    onRemove(process);
  }

  function add(pid: number, come: TrackedProcess[]): TrackedProcess {
    const known = processes.get(pid);
    if (known !== undefined) return known;
    const process = newTrackedProcess(pid);
    processes.set(pid, process);
    // Until its start is known.
    youngOnes.add(process);
    come.push(process);
    return process;
  }

  function takeList(pids: Int32Array, come: TrackedProcess[]): void {
    lists += 1;
    pids.forEach((pid) => {
      add(pid, come).list = lists;
    });
    for (const process of processes.values()) if (process.list !== lists) remove(process);
  }

  /** Its number was given again, or it was told late: what is known of it may be another one's. */
  function forget(process: TrackedProcess, come: TrackedProcess[]): void {
    process.line = UNREAD;
    come.push(process);
  }

  return {
    get: (pid) => processes.get(pid),
    all: () => processes.values(),
    young: (fromTicks) =>
      [...youngOnes].filter((process) => process.startTicks >= fromTicks || isOpen(process)),
    noteStart: (process) => void youngOnes.add(process),
    remove,
    update(isListDue, youngFromTicks) {
      const come: TrackedProcess[] = [];
      const answer = proc.newPids();
      if (answer.are === 'these') {
        // Before all are listed, which may fail: they are told once.
        for (const pid of answer.pids) {
          const known = processes.get(pid);
          if (known === undefined) add(pid, come);
          else forget(known, come);
        }
        if (isListDue) takeList(proc.pids(), come);
      } else takeList(answer.pids, come);
      if (answer.are === 'all') {
        for (const process of processes.values()) {
          if (process.pid > answer.reusedAbove && process.pid <= answer.reusedUpTo) forget(process, come);
        }
      }
      for (const process of youngOnes) {
        if (!isOpen(process) && process.startTicks < youngFromTicks) youngOnes.delete(process);
      }
      return { come, isAnew: answer.are === 'anew' };
    },
  };
}

/** However old it is, it is read at the next look, or has been asked and may yet turn out to be unreadable. */
function isOpen({ line }: TrackedProcess): boolean {
  return line.is !== 'read';
}
