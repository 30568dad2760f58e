// Entries that a reload removed while their script runs: it is let finish, within its time limit, and that is told;
// nothing follows (SPEC 4.11). Which entries those are is decided in reload.ts.
import { enforceLimit } from '../entry/script-limit.ts';
import type { Effect, ScriptResult } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { Clock } from '../system/types.ts';
import { BLIND_RETRY_MILLISECONDS, type Observer } from './observe/observer.ts';
import { createScheduler } from './scheduler.ts';
import type { Slot } from './slot.ts';

export type Retired = {
  readonly slots: Set<Slot>;
  /** The entry of a slot was removed just now. */
  begin(slot: Slot): void;
  /** A script has ended: for a removed entry that is told, and nothing follows. False for any other entry. */
  ended(slot: Slot, run: number, result: ScriptResult): boolean;
};

/** `retired` holds them. */
export function createRetired(
  retired: Set<Slot>,
  clock: Clock,
  log: Log,
  lookNow: Observer['lookNow'],
  carryOut: (slot: Slot, effects: readonly Effect[]) => void,
): Retired {
  /** How the script of a slot ended, which a pcheck that is blind has heard of and not judged yet. */
  const heard = new WeakMap<Slot, { readonly run: number; readonly result: ScriptResult }>();

  function begin(slot: Slot): void {
    const { phase } = slot.entry;
    if (!retired.has(slot) || phase.is !== 'running') return;
    const end = heard.get(slot);
    if (end?.run === phase.run) finish(slot, end.result);
    else wait(slot);
  }

  function finish(slot: Slot, { text }: ScriptResult): void {
    retired.delete(slot);
    log.write(message('removedScriptEnded', { name: slot.entry.pent.name, reason: text }));
  }

  function wait(slot: Slot): void {
    const { phase } = slot.entry;
    if (phase.is !== 'running' || !('until' in phase.limit)) return;
    createScheduler(clock, () => enforce(slot)).wakeAt(phase.limit.until);
  }

  function enforce(slot: Slot): void {
    if (!retired.has(slot)) return;
    // What the script has started by now is known by a look, and spared.
    const [seen] = lookNow([slot]) ?? [];
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

  return {
    slots: retired,
    begin,
    ended(slot, run, result) {
      const { phase } = slot.entry;
      // A script before it that has become the service ends whenever it likes.
      const isInProgress = phase.is === 'running' && phase.run === run;
      const isRemoved = retired.has(slot);
      if (isInProgress && isRemoved) finish(slot, result);
      else if (isInProgress) heard.set(slot, { run, result });
      return isRemoved;
    },
  };
}

/** It is a service that nobody watches now: no time limit, and the end of pcheck is not its end. */
function becameService({ entry }: Slot): readonly Effect[] {
  return [
    { type: 'release-script', run: entry.restartCount },
    { type: 'log', message: message('scriptBecameService', { name: entry.pent.name }) },
  ];
}
