// Tells once when two entries of a pfile hold the same process: only the first of them restarts it (SPEC 3).
import { message } from '../../log/catalogue.ts';
import type { Log } from '../../log/log.ts';
import { heldProcess, type Slot } from '../slot.ts';
import { createHolders } from './holders.ts';

export function createSharedWarning(log: Log): (slots: readonly Slot[]) => void {
  const told = new Set<string>();
  return (slots) => {
    const holders = createHolders(slots);
    slots.forEach((slot) => {
      const held = heldProcess(slot.entry);
      const holder = held === undefined ? undefined : holders(held);
      if (held === undefined || holder === undefined || holder === slot) return;
      const first = holder.entry.pent.id;
      const second = slot.entry.pent.id;
      if (told.has(`${first} ${second}`)) return;
      told.add(`${first} ${second}`);
      log.write(message('heldTwice', { first, second, pid: held.pid }));
    });
  };
}
