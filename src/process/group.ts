// Who is in a process group, and which groups are left; zombies are in none. Throws where /proc cannot be looked at.
import type { ProcTable } from '../system/types.ts';
import type { ProcessReader } from './reader.ts';

export function isInGroup(reader: ProcessReader, pid: number, group: number): boolean {
  return reader.stat(pid)?.processGroup === group;
}

/** Parents are read one by one while processes come and go, so the way up is not trusted to end. */
const GENERATIONS_MAXIMUM = 1000;

/** Whether it is one of these, or was started by one of them, or by one that was. */
export function descendsFrom(reader: ProcessReader, pid: number, ancestors: readonly number[]): boolean {
  if (ancestors.length === 0) return false;
  let current: number | undefined = pid;
  for (let generation = 0; current && generation < GENERATIONS_MAXIMUM; generation++) {
    if (ancestors.includes(current)) return true;
    current = reader.stat(current)?.ppid;
  }
  return false;
}

/** Which of the groups have members that run; one pass over all processes, however many groups, and none where the kernel knows of none. */
export function groupsLeft(
  proc: ProcTable,
  reader: ProcessReader,
  groups: ReadonlySet<number>,
): ReadonlySet<number> {
  const left = new Set<number>();
  if (![...groups].some((group) => proc.isThere(-group))) return left;
  for (const pid of proc.pids()) {
    const group = reader.stat(pid)?.processGroup;
    if (group !== undefined && groups.has(group)) left.add(group);
  }
  return left;
}
