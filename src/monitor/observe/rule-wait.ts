// Entries that wait until it is known what their NAME and `exe` lead to, before they are looked for: all together where
// that is told soon, else those of which it is known.
import type { Depth } from '../../process/table/read-policy.ts';
import type { Clock, Timer } from '../../system/types.ts';
import type { Slot } from '../slot.ts';
import type { EntryLookups } from './entry-lookups.ts';
import { DEPTHS, deeper } from './scan-request.ts';

export type RuleWait = {
  /** These are to be looked for; hands back those who need not wait. */
  add(slots: readonly Slot[], depth: Depth): readonly Slot[];
  has(slot: Pick<Slot, 'key'>): boolean;
  isEmpty(): boolean;
  /** Who waits is looked for at least so far. */
  deepen(slot: Slot, depth: Depth): void;
  /** An answer has come. */
  goOn(): void;
  forget(slot: Slot): void;
  close(): void;
};

/** Who waits for an answer is asked so often whether it still has to. */
export const WAIT_MILLISECONDS = 100;

type Waiting = { readonly slot: Slot; readonly depth: Depth };

export function createRuleWait(
  clock: Clock,
  { isRuleAwaited }: Pick<EntryLookups, 'isRuleAwaited'>,
  begin: (slots: readonly Slot[], depth: Depth) => void,
): RuleWait {
  /** By the key of the slot. */
  const waiting = new Map<number, Waiting>();
  let timer: Timer | undefined;

  function beginThose(resolved: readonly Waiting[]): void {
    for (const depth of DEPTHS) {
      // What the first are told may make others be looked for further, or not any more.
      const slots = resolved.map(({ slot }) => slot).filter(({ key }) => waiting.get(key)?.depth === depth);
      for (const { key } of slots) waiting.delete(key);
      if (slots.length > 0) begin(slots, depth);
    }
    setTimer();
  }

  function resolvedOnes(): readonly Waiting[] {
    return [...waiting.values()].filter(({ slot }) => !isRuleAwaited(slot));
  }

  function setTimer(): void {
    if (waiting.size === 0) {
      timer?.cancel();
      timer = undefined;
    } else
      timer ??= clock.after(WAIT_MILLISECONDS, () => {
        timer = undefined;
        beginThose(resolvedOnes());
      });
  }

  return {
    add(slots, depth) {
      const awaited = slots.filter(isRuleAwaited);
      for (const slot of awaited) waiting.set(slot.key, { slot, depth });
      setTimer();
      return awaited.length === 0 ? slots : slots.filter(({ key }) => !waiting.has(key));
    },
    has: ({ key }) => waiting.has(key),
    isEmpty: () => waiting.size === 0,
    deepen(slot, depth) {
      const before = waiting.get(slot.key);
      if (before !== undefined) waiting.set(slot.key, { slot, depth: deeper(before.depth, depth) });
    },
    goOn() {
      const resolved = resolvedOnes();
      if (resolved.length === waiting.size) beginThose(resolved);
    },
    forget({ key }) {
      waiting.delete(key);
      setTimer();
    },
    close() {
      waiting.clear();
      setTimer();
    },
  };
}
