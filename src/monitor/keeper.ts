// Keeps the record up to date: one write before the effects of a turn are carried out, and at every full
// check, which shows that pcheck lives; it goes at the very end. What is in it: record.ts.
import type { Entry } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import { sameEntryKey } from '../pfile/identity.ts';
import type { Lineages } from '../process/types.ts';
import type { System } from '../system/types.ts';
import { type EntryText, recordedEntryText, recordText } from './record.ts';
import type { Slot } from './slot.ts';

export type Keeper = {
  /** At a full check all slots have just been looked at. */
  write(slots: readonly Slot[], isFullCheck: boolean): void;
  /** After an ordinary end there is nothing to take up. Calls back. */
  remove(done: () => void): void;
};

export function createKeeper(system: System, pfilePath: string, log: Log): Keeper {
  const { bootId, clock, proc, record } = system;
  // An entry and its lineages are replaced when they change, so a text is made once for each pair.
  const texts = new WeakMap<Entry, { readonly made: EntryText; readonly lineages: Lineages }>();
  let failure: string | undefined;
  let checkedAt = clock.now().monotonic;

  function textOf({ entry, token, lineages, isEnding, sharedWith }: Slot): EntryText {
    const known = texts.get(entry);
    if (known !== undefined && known.lineages === lineages) return known.made;
    const { pent, ...state } = entry;
    const made = recordedEntryText({ key: sameEntryKey(pent), state, token, lineages, isEnding, sharedWith });
    texts.set(entry, { made, lineages });
    return made;
  }

  return {
    write(slots, isFullCheck) {
      const writtenAt = clock.now().monotonic;
      if (isFullCheck) checkedAt = writtenAt;
      const head = { bootId, pfile: pfilePath, pcheckPid: proc.ownPid, writtenAt, checkedAt };
      const error = record.write(recordText(head, slots.map(textOf)));
      if (error !== undefined && error !== failure) log.write(message('recordFailed', { error }));
      failure = error;
    },
    remove(done) {
      record.remove();
      done();
    },
  };
}
