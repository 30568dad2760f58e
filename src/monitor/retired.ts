// Entries that a reload removed while their script runs: it is let finish, within its time limit, and that is told;
// nothing follows (SPEC 4.11). Which entries those are is decided in reload.ts.
import { enforceLimit } from '../entry/script-limit.ts';
import type { Effect, ScriptResult } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { Clock } from '../system/types.ts';
import { BLIND_RETRY_MILLISECONDS, type Sight } from './sight.ts';
import type { Slot } from './slot.ts';

/** What keeps the time limit of the script of a slot in `retired`. */
export function createRetiredLimit(
  clock: Clock,
  retired: ReadonlySet<Slot>,
  sight: Sight,
  carryOut: (slot: Slot, effects: readonly Effect[]) => void,
): (slot: Slot) => void {
  function wait(slot: Slot): void {
    const { phase } = slot.entry;
    if (!retired.has(slot) || phase.is !== 'running' || !('until' in phase.limit)) return;
    clock.after(phase.limit.until - clock.now().monotonic, () => enforce(slot));
  }

  function enforce(slot: Slot): void {
    if (!retired.has(slot)) return;
    // What the script has started by now is known by a look, and spared.
    if (sight([slot], 'new', false) === undefined) {
      clock.after(BLIND_RETRY_MILLISECONDS, () => enforce(slot));
      return;
    }
    const { entry, effects } = enforceLimit(slot.entry, clock.now());
    slot.entry = entry;
    carryOut(slot, effects);
    wait(slot);
  }

  return wait;
}

/** The script of a removed entry has ended: that is told, and nothing follows. False for any other entry. */
export function finishRetired(retired: Set<Slot>, slot: Slot, { text }: ScriptResult, log: Log): boolean {
  if (!retired.delete(slot)) return false;
  log.write(message('removedScriptEnded', { name: slot.entry.pent.name, reason: text }));
  return true;
}
