// Looks, steps and wakes: when something is due, one look is shared by all entries that are, each makes its
// step, and the scheduler is set to the next deadline. What the steps ask for is carried out elsewhere.
import { deadline, isLastLook } from '../entry/pace.ts';
import type { EntryEvent } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Extent } from '../process/extent.ts';
import type { System } from '../system/types.ts';
import type { LoopParts } from './loop-parts.ts';
import { createScheduler } from './scheduler.ts';
import { scopeOf } from './scope.ts';
import { createSharedWarning } from './shared.ts';
import { BLIND_RETRY_MILLISECONDS } from './sight.ts';
import { isDue, refreshRule, type Slot, watchedProcesses } from './slot.ts';
import { type Made, makeStep } from './step.ts';
import { createTold, type ToEvent } from './told.ts';

export type Loop = {
  wake(): void;
  /** Looks once for these slots and hands each its event; what was told before comes first. */
  turn(chosen: readonly Slot[], toEvent: ToEvent): void;
  /** Something has happened to a slot: it is looked at soon, together with all that is told meanwhile. */
  tell(slot: Slot, toEvent: ToEvent): void;
  /** One event that needs no look. */
  step(slot: Slot, event: EntryEvent): void;
  check(): void;
  /** A slot that is no more of the pfile: nothing is told of its process. */
  forget(slot: Slot): void;
  /** Nothing is decided after this. */
  halt(): void;
};

export function createLoop({ clock, files }: System, parts: LoopParts): Loop {
  const { log, slots, keeper, pulse, sight } = parts;
  const warnShared = createSharedWarning(log);
  const scheduler = createScheduler(clock, wake);
  const bereaved = new Set<number>();
  const told = createTold();
  const deathWatch = parts.createDeathWatch((key) => {
    bereaved.add(key);
    if (!isHalted) scheduler.wakeAt(clock.now().monotonic);
  });
  const stepParts = { clock, newToken: parts.newToken };
  let nextFullCheckAt = clock.now().monotonic;
  let fullChecks = 0;
  let isHalted = false;

  function wake(): void {
    if (isHalted) return;
    const now = clock.now().monotonic;
    pulse.beat(now);
    if (now >= nextFullCheckAt) fullCheck(now);
    else take(eventsOf(slots.filter((slot) => isDue(slot, now, bereaved))), 'new');
  }

  function eventsOf(due: readonly Slot[]): ReadonlyMap<Slot, ToEvent> {
    bereaved.clear();
    return told.take(due);
  }

  function fullCheck(now: number): void {
    nextFullCheckAt = now + parts.intervalSeconds() * 1000;
    fullChecks += 1;
    for (const slot of slots) {
      // A process that is watched fits its rule as it is: what NAME leads to now matters when it is gone.
      const isItsTurn = (slot.key + fullChecks) % parts.turns() === 0;
      if (isItsTurn || slot.entry.phase.is !== 'watching') refreshRule(slot, files);
    }
    take(eventsOf(slots), 'turn', true);
    if (isHalted) return;
    warnShared(slots);
    const milliseconds = Math.round(clock.now().monotonic - now);
    log.write(message('fullCheck', { entries: slots.length, milliseconds }));
    parts.onFullCheck();
  }

  /** Before an entry is given up or its script is run after a wait, everything is looked at. */
  function take(events: ReadonlyMap<Slot, ToEvent>, extent: Extent, isFullCheck = false): void {
    if (isHalted) return;
    const there = slots.filter((slot) => events.has(slot));
    const { monotonic } = clock.now();
    const last = there.filter(({ entry }) => isLastLook(entry, monotonic));
    for (const slot of last) refreshRule(slot, files);
    const seen = sight(there, scopeOf(there, last.length > 0 ? 'all' : extent, isFullCheck, monotonic));
    if (seen === undefined) {
      clock.after(BLIND_RETRY_MILLISECONDS, () => {
        // Blind, but alive.
        pulse.beat(clock.now().monotonic);
        take(events, extent, isFullCheck);
      });
      return;
    }
    const steps = there.flatMap((slot, index) => {
      const observation = seen[index];
      const toEvent = events.get(slot);
      if (observation === undefined || toEvent === undefined) return [];
      return [makeStep(slot, toEvent(observation), stepParts)];
    });
    carryOut(steps, isFullCheck);
  }

  /** What is decided for all entries is recorded with one write, then it is done. */
  function carryOut(steps: readonly Made[], isFullCheck: boolean): void {
    if (isFullCheck || steps.some(({ isDecision }) => isDecision)) keeper.write(slots, isFullCheck);
    for (const { slot, before, effects } of steps) {
      if (!isHalted) parts.onStep(slot, effects);
      // What was decided for it is not done any more: neither the dump nor padmin shall tell of it.
      else slot.entry = before;
    }
    if (!isHalted) for (const { slot } of steps) deathWatch.watch(slot.key, watchedProcesses(slot));
    if (steps.some(({ isDecision }) => isDecision)) parts.onChange();
    schedule();
    if (!isHalted) parts.onTurn();
  }

  function schedule(): void {
    if (isHalted) return;
    let next = Math.min(nextFullCheckAt, pulse.nextAt());
    for (const { entry } of slots) next = Math.min(next, deadline(entry) ?? Infinity);
    scheduler.wakeAt(bereaved.size > 0 || !told.isEmpty() ? clock.now().monotonic : next);
  }

  function settle(): void {
    if (!told.isEmpty()) wake();
  }

  return {
    wake,
    turn(chosen, toEvent) {
      settle();
      take(new Map(chosen.map((slot) => [slot, toEvent])), 'all');
    },
    tell(slot, toEvent) {
      told.add(slot, toEvent);
      schedule();
    },
    step(slot, event) {
      settle();
      if (!isHalted && slots.includes(slot)) carryOut([makeStep(slot, event, stepParts)], false);
    },
    check: () => fullCheck(clock.now().monotonic),
    forget: ({ key }) => deathWatch.watch(key, []),
    halt() {
      isHalted = true;
      scheduler.close();
      deathWatch.close();
    },
  };
}
