// Keeps the record up to date: what has changed is added to it before the effects of a turn are carried out, and at
// every full check, which shows that pcheck lives; now and then it is written anew, and it goes at the very end.
// What is in it: record.ts.
import type { Entry } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import { sameEntryKey } from '../pfile/identity.ts';
import type { System } from '../system/types.ts';
import { type RecordedEntry, recordLine, recordText } from './record.ts';
import type { Slot } from './slot.ts';
import type { Made } from './step.ts';

export type Keeper = {
  /** What the steps have changed. At a full check all slots have just been looked at. */
  write(slots: readonly Slot[], steps: readonly Pick<Made, 'slot'>[], isFullCheck: boolean): void;
  /** After an ordinary end there is nothing to take up. Calls back. */
  remove(done: () => void): void;
};

/** So much is added before the record is written anew: at a full check, where nobody waits for it, or in any case. */
const ADDED_CHARACTERS = { atFullCheck: 65_536, ever: 4_194_304 };

export function createKeeper(system: System, pfilePath: string, log: Log): Keeper {
  const { bootId, clock, proc, record } = system;
  // An entry is replaced when it changes, so a line is made once for each.
  const lines = new WeakMap<Entry, Omit<RecordedEntry, 'key' | 'state'> & { readonly line: string }>();
  /** What the file says of each slot, by its key; undefined when it has to be written anew. */
  let written: Map<number, string> | undefined;
  let [whole, added] = [0, 0];
  let failure: string | undefined;
  let checkedAt = clock.now().monotonic;

  function lineOf({ entry, token, script, lineages, isEnding, sharedWith }: Slot): string {
    const known = lines.get(entry);
    const isSame =
      known !== undefined &&
      known.lineages === lineages &&
      known.token === token &&
      known.script === script &&
      known.isEnding === isEnding &&
      known.sharedWith === sharedWith;
    if (isSame) return known.line;
    const { pent, ...state } = entry;
    const line = recordLine({
      key: sameEntryKey(pent),
      state,
      token,
      script,
      lineages,
      isEnding,
      sharedWith,
    });
    lines.set(entry, { line, token, script, lineages, isEnding, sharedWith });
    return line;
  }

  function writeWhole(head: string, slots: readonly Slot[]): string | undefined {
    const entries = slots.map(lineOf);
    const text = recordText(entries, head);
    const error = record.write(text);
    written = error === undefined ? new Map(slots.map(({ key }, at) => [key, entries[at] ?? ''])) : undefined;
    [whole, added] = [text.length, 0];
    return error;
  }

  /** The error's code when it cannot be added. */
  function add(
    head: string,
    steps: readonly Pick<Made, 'slot'>[],
    known: Map<number, string>,
  ): string | undefined {
    let text = '';
    steps.forEach(({ slot }) => {
      const line = lineOf(slot);
      if (line === known.get(slot.key)) return;
      known.set(slot.key, line);
      text += line;
    });
    text += head;
    added += text.length;
    return record.append(text);
  }

  function isOutgrown(slots: readonly Slot[], isFullCheck: boolean, known: Map<number, string>): boolean {
    if (!isFullCheck) return added > ADDED_CHARACTERS.ever;
    const isOfThese = known.size === slots.length && slots.every(({ key }) => known.has(key));
    return !isOfThese || added > Math.max(ADDED_CHARACTERS.atFullCheck, whole) || !record.isInPlace();
  }

  return {
    write(slots, steps, isFullCheck) {
      const writtenAt = clock.now().monotonic;
      if (isFullCheck) checkedAt = writtenAt;
      const head = recordLine({ bootId, pfile: pfilePath, pcheckPid: proc.ownPid, writtenAt, checkedAt });
      const isAdded =
        written !== undefined &&
        !isOutgrown(slots, isFullCheck, written) &&
        add(head, steps, written) === undefined;
      // What was added in part ends a record: nothing can follow.
      const error = isAdded ? undefined : writeWhole(head, slots);
      if (error !== undefined && error !== failure) log.write(message('recordFailed', { error }));
      failure = error;
    },
    remove(done) {
      record.remove();
      done();
    },
  };
}
