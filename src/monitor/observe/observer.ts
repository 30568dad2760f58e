// Looks at the processes for entries: begins a scan, goes on with it turn by turn, and hands out what each entry is told
// when that is decided. An entry whose answers are still awaited waits; nobody waits for it.
import type { Observation } from '../../entry/types.ts';
import type { Log } from '../../log/log.ts';
import type { Scan } from '../../process/table/process-table.ts';
import type { Depth } from '../../process/table/read-policy.ts';
import type { Clock, Timer } from '../../system/types.ts';
import type { Slot } from '../slot.ts';
import { createAttempts } from './attempts.ts';
import { isDecided, type ObserveParts, observe } from './observe.ts';
import { createRuleWait, WAIT_MILLISECONDS } from './rule-wait.ts';
import { deeper, scanRequestFor } from './scan-request.ts';

export type Seen = { readonly slots: readonly Slot[]; readonly observations: readonly Observation[] };

export type Observer = {
  /** Looks for these entries; each is handed out once by `onSeen`, maybe at once. A full scan goes on behind them. */
  look(slots: readonly Slot[], depth: Depth): void;
  isLooking(slot: Pick<Slot, 'key'>): boolean;
  /** Whether somebody waits for an answer. */
  isWaiting(): boolean;
  /** An answer has come. */
  goOn(): void;
  /** What is known without waiting; undefined when /proc cannot be looked at. */
  lookNow(slots: readonly Slot[]): readonly Observation[] | undefined;
  forget(slot: Slot): void;
  close(): void;
};

export type ObserverParts = ObserveParts & {
  readonly clock: Clock;
  readonly log: Log;
  /** The entries of the pfile, in its order, and those besides that are looked for. */
  readonly slots: readonly Slot[];
  readonly removed: ReadonlySet<Slot>;
  onSeen(seen: Seen, isFullCheck: boolean): void;
};

type Look = {
  readonly depth: Depth;
  readonly scan: Scan;
  readonly beganAt: number;
  readonly waiting: Set<Slot>;
  /** Whether their pidfiles were asked for. */
  hasAsked: boolean;
  /** Something has happened to them since the scan began: who has come since matters too. */
  readonly outdated: Set<Slot>;
  timer: Timer | undefined;
  readonly maxAgeMilliseconds: number;
};

/** So long a turn goes on with the processes of one scan. */
const TURN_MILLISECONDS = 20;
/**
 * When more time has passed since the scan began, who has come since is looked for once more; then with twice the time,
 * so that it comes to an end on a machine where everything takes long.
 */
const MAX_AGE_MILLISECONDS = 20;
export const BLIND_RETRY_MILLISECONDS = 1000;

export function createObserver(parts: ObserverParts): Observer {
  const { clock, log, table, slots, removed, lookups } = parts;
  const looks = new Set<Look>();
  /** By the key of who waits for it. */
  const lookOf = new Map<number, Look>();
  const unresolved = createRuleWait(clock, lookups, begin);
  const attempt = createAttempts(log);
  let state: 'idle' | 'advancing' | 'closed' = 'idle';

  function newScan(chosen: readonly Slot[], depth: Depth): Scan {
    table.setRules(removed.size === 0 ? slots : [...slots, ...removed]);
    const { youngSeconds } = scanRequestFor(chosen, depth, clock.now().monotonic);
    return table.scan(depth, youngSeconds);
  }

  function begin(chosen: readonly Slot[], depth: Depth, maxAgeMilliseconds = MAX_AGE_MILLISECONDS): void {
    const look: Look = {
      depth,
      scan: newScan(chosen, depth),
      beganAt: clock.now().monotonic,
      waiting: new Set(chosen),
      hasAsked: false,
      outdated: new Set(),
      timer: undefined,
      maxAgeMilliseconds,
    };
    looks.add(look);
    for (const { key } of chosen) lookOf.set(key, look);
    advance(look);
  }

  function leave(slot: Slot, look: Look): void {
    look.waiting.delete(slot);
    lookOf.delete(slot.key);
  }

  /** As far as this turn goes. */
  function advance(look: Look): void {
    if (state === 'closed' || !looks.has(look)) return;
    look.timer?.cancel();
    state = 'advancing';
    const seen = attempt(() => take(look));
    state = 'idle';
    if (seen === undefined) again(look, BLIND_RETRY_MILLISECONDS);
    else {
      if (seen.slots.length > 0) parts.onSeen(seen, look.depth === 'full');
      if (seen.late.length > 0) begin(seen.late, 'new', look.maxAgeMilliseconds * 2);
    }
  }

  /** The entries that are decided, with what they are told; `late` are to be looked for once more. */
  function take(look: Look): Seen & { readonly late: readonly Slot[] } {
    const { scan, depth, waiting, outdated } = look;
    const startedAt = clock.now().monotonic;
    table.beginTurn();
    const progress = scan.advance(() => clock.now().monotonic - startedAt > TURN_MILLISECONDS);
    if (!look.hasAsked) waiting.forEach(lookups.askPidfile);
    look.hasAsked = true;
    const decided = progress !== 'begun' ? [...waiting].filter((slot) => isDecided(parts, slot, scan)) : [];
    const isOld = startedAt - look.beganAt > look.maxAgeMilliseconds;
    const late = decided.filter((slot) => isOld || outdated.has(slot));
    const told = isOld ? [] : decided.filter((slot) => !outdated.has(slot));
    const observations = observe(parts, told, slots, scan, depth === 'full');
    for (const slot of decided) leave(slot, look);
    if (progress !== 'over') again(look, 0);
    else if (waiting.size > 0) again(look, WAIT_MILLISECONDS);
    else looks.delete(look);
    return { slots: told, observations, late };
  }

  function again(look: Look, milliseconds: number): void {
    look.timer = clock.after(milliseconds, () => advance(look));
  }

  /** Where it is looked for already; one that does not look far enough gives it away. */
  function isLookedFor(slot: Slot, depth: Depth): boolean {
    if (unresolved.has(slot)) {
      unresolved.deepen(slot, depth);
      return true;
    }
    const look = lookOf.get(slot.key);
    if (look === undefined) return false;
    if (deeper(look.depth, depth) === look.depth) {
      // A full check comes by the clock, not because something has happened.
      if (depth !== 'full') look.outdated.add(slot);
      return true;
    }
    leave(slot, look);
    return false;
  }

  function isSweeping(): boolean {
    return [...looks].some(({ depth }) => depth === 'full');
  }

  return {
    look(chosen, depth) {
      if (state === 'closed') return;
      const fresh = chosen.filter((slot) => !isLookedFor(slot, depth));
      // Before an entry is given up what NAME leads to now matters too.
      if (depth === 'everything') for (const slot of fresh) lookups.refreshRule(slot);
      const known = unresolved.add(fresh, depth);
      const isSweepDue = depth === 'full' && fresh.length === 0 && !isSweeping();
      if (known.length > 0 || isSweepDue) begin(known, depth);
    },
    isLooking: (slot) => lookOf.has(slot.key) || unresolved.has(slot),
    isWaiting: () => state === 'idle' && (lookOf.size > 0 || !unresolved.isEmpty()),
    goOn() {
      unresolved.goOn();
      for (const look of [...looks]) if (look.waiting.size > 0) advance(look);
    },
    lookNow(chosen) {
      return attempt(() => {
        const scan = newScan(chosen, 'new');
        table.beginTurn();
        scan.advance(() => false);
        return observe(parts, chosen, slots, scan, false);
      });
    },
    forget(slot) {
      unresolved.forget(slot);
      const look = lookOf.get(slot.key);
      if (look !== undefined) leave(slot, look);
      lookups.forget(slot);
    },
    close() {
      state = 'closed';
      unresolved.close();
      for (const { timer } of looks) timer?.cancel();
      looks.clear();
      lookOf.clear();
    },
  };
}
