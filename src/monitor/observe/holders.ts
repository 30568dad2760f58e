// Which entry of a pfile watches a process first: only that one restarts it (SPEC 3, Shared).
import { sameEntryKey } from '../../pfile/identity.ts';
import { type ProcessId, sameProcess } from '../../process/types.ts';
import { heldProcess, type Slot } from '../slot.ts';

/** The first entry that watches a process, with monitoring on. */
export type Holders = (process: ProcessId) => Slot | undefined;

export function createHolders(all: readonly Slot[]): Holders {
  const firstOfPid = new Map<number, Slot>();
  const further: Slot[] = [];
  all.forEach((slot) => {
    const held = slot.entry.monitoring === 'on' ? heldProcess(slot.entry) : undefined;
    if (held === undefined) return;
    if (firstOfPid.has(held.pid)) further.push(slot);
    else firstOfPid.set(held.pid, slot);
  });
  return (process) => {
    const first = firstOfPid.get(process.pid);
    if (first === undefined || holds(first, process)) return first;
    return further.find((slot) => holds(slot, process));
  };
}

function holds({ entry }: Slot, process: ProcessId): boolean {
  const held = heldProcess(entry);
  return held !== undefined && sameProcess(held, process);
}

/** An entry before this one, with monitoring on, that watches the process too. */
export function earlierHolder(slot: Slot, held: ProcessId, holders: Holders): string | undefined {
  const holder = holders(held);
  return holder === undefined || holder.entry.pent.id >= slot.entry.pent.id
    ? undefined
    : sameEntryKey(holder.entry.pent);
}

/** Until that entry is removed from the pfile, or its monitoring turned off. */
export function isAnotherEntrys({ sharedWith }: Slot, all: readonly Slot[]): boolean {
  if (sharedWith === undefined) return false;
  return all.some(({ entry }) => entry.monitoring === 'on' && sameEntryKey(entry.pent) === sharedWith);
}
