// Who is in a process group, and which groups are left; without the processes that must be spared and what descends from them.
import type { ProcTable } from '../system/types.ts';
import type { ProcessReader } from './reader.ts';

/** The pids of the group that run; zombies do not count. */
export function groupMembers(
  proc: ProcTable,
  reader: ProcessReader,
  group: number,
  spared: readonly number[],
): number[] {
  const parents = new Map<number, number>();
  const members: number[] = [];
  for (const pid of proc.pids()) {
    const stat = reader.stat(pid);
    if (stat === undefined) continue;
    parents.set(pid, stat.ppid);
    if (stat.processGroup === group) members.push(pid);
  }
  return members.filter((pid) => !descendsFrom(pid, spared, parents));
}

/** Which of the groups have members that run; one pass over all processes, however many groups. */
export function groupsLeft(
  proc: ProcTable,
  reader: ProcessReader,
  groups: ReadonlySet<number>,
): ReadonlySet<number> {
  const left = new Set<number>();
  for (const pid of proc.pids()) {
    const group = reader.stat(pid)?.processGroup;
    if (group !== undefined && groups.has(group)) left.add(group);
  }
  return left;
}

/** Parents are read one by one while processes come and go, so the way up is not trusted to end. */
const GENERATIONS_MAXIMUM = 1000;

function descendsFrom(
  pid: number,
  ancestors: readonly number[],
  parents: ReadonlyMap<number, number>,
): boolean {
  let current: number | undefined = pid;
  for (let generation = 0; current && generation < GENERATIONS_MAXIMUM; generation++) {
    if (ancestors.includes(current)) return true;
    current = parents.get(current);
  }
  return false;
}
