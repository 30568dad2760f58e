// Entries that a reload removed while their script runs: it is let finish, within its time limit, and that is told;
// nothing follows (SPEC 4.11). Which entries those are is decided in reload.ts.
import { enforceLimit } from '../entry/script-limit.ts';
import type { Effect, ScriptResult } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { Clock } from '../system/types.ts';
import { createScheduler } from './scheduler.ts';
import { BLIND_RETRY_MILLISECONDS, type Sight } from './sight.ts';
import type { Slot } from './slot.ts';

/** What keeps the time limit of the script of a slot in `retired`. */
export function createRetiredLimit(
  clock: Clock,
  retired: Set<Slot>,
  sight: Sight,
  carryOut: (slot: Slot, effects: readonly Effect[]) => void,
): (slot: Slot) => void {
  function wait(slot: Slot): void {
    const { phase } = slot.entry;
    if (!retired.has(slot) || phase.is !== 'running' || !('until' in phase.limit)) return;
    createScheduler(clock, () => enforce(slot)).wakeAt(phase.limit.until);
  }

  function enforce(slot: Slot): void {
    if (!retired.has(slot)) return;
    // What the script has started by now is known by a look, and spared.
    const [seen] = sight([slot], 'new', false) ?? [];
    if (seen === undefined) {
      clock.after(BLIND_RETRY_MILLISECONDS, () => enforce(slot));
    } else if (seen.matchIsScript) {
      retired.delete(slot);
      carryOut(slot, becameService(slot));
    } else {
      const { entry, effects } = enforceLimit(slot.entry, clock.now());
      slot.entry = entry;
      carryOut(slot, effects);
      wait(slot);
    }
  }

  return wait;
}

/** It is a service that nobody watches now: no time limit, and the end of pcheck is not its end. */
function becameService({ entry }: Slot): readonly Effect[] {
  return [
    { type: 'release-script', run: entry.restartCount },
    { type: 'log', message: message('scriptBecameService', { name: entry.pent.name }) },
  ];
}

/** The script of a removed entry has ended: that is told, and nothing follows. False for any other entry. */
export function finishRetired(retired: Set<Slot>, slot: Slot, { text }: ScriptResult, log: Log): boolean {
  if (!retired.delete(slot)) return false;
  log.write(message('removedScriptEnded', { name: slot.entry.pent.name, reason: text }));
  return true;
}
