// Looks, steps and wakes: when something is due, one look is shared by all entries that are, each makes its
// step, and the scheduler is set to the next deadline. What the steps ask for is carried out elsewhere.
import { isLastLook } from '../entry/pace.ts';
import type { EntryEvent } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Extent } from '../process/extent.ts';
import type { System } from '../system/types.ts';
import { createAgenda } from './agenda.ts';
import type { LoopParts } from './loop-parts.ts';
import { createScheduler } from './scheduler.ts';
import { scopeOf } from './scope.ts';
import { createSharedWarning } from './shared.ts';
import { BLIND_RETRY_MILLISECONDS } from './sight.ts';
import { refreshRule, refreshRules, type Slot, watchedProcesses } from './slot.ts';
import { type Made, makeStep, makeSteps } from './step.ts';
import { createTold, inOrder, type ToEvent } from './told.ts';

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

export function createLoop({ clock, files, exits }: System, parts: LoopParts): Loop {
  const { log, slots, keeper, pulse, sight } = parts;
  const warnShared = createSharedWarning(log);
  const scheduler = createScheduler(clock, wake);
  const agenda = createAgenda();
  const told = createTold();
  const deathWatch = parts.createDeathWatch((key) => {
    agenda.died(key);
    wakeSoon();
  });
  let nextFullCheckAt = clock.now().monotonic;
  let fullChecks = 0;
  let isHalted = false;
  let isWakeComing = false;
  const soon = exits?.afterTold ?? ((task: () => void) => void clock.after(0, task));

  function wake(): void {
    isWakeComing = false;
    if (isHalted) return;
    const now = clock.now().monotonic;
    pulse.beat(now);
    if (now >= nextFullCheckAt) fullCheck(now);
    else take(told.take(agenda.take(slots, now)), 'new');
  }

  function wakeSoon(): void {
    if (isHalted || isWakeComing) return;
    isWakeComing = true;
    soon(wake);
  }

  function fullCheck(now: number): void {
    nextFullCheckAt = now + parts.intervalSeconds() * 1000;
    fullChecks += 1;
    refreshRules(slots, fullChecks, parts.turns(), files);
    agenda.clear();
    take(told.take(slots), 'turn', true);
    if (isHalted) return;
    warnShared(slots);
    const milliseconds = Math.round(clock.now().monotonic - now);
    log.write(message('fullCheck', { entries: slots.length, milliseconds }));
    parts.onFullCheck();
  }

  /** Before an entry is given up or its script is run after a wait, everything is looked at. */
  function take(events: ReadonlyMap<Slot, ToEvent>, extent: Extent, isFullCheck = false): void {
    if (isHalted) return;
    const there = inOrder(events, slots);
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
    carryOut(makeSteps(there, seen, events, clock.now(), parts.newToken), isFullCheck);
  }

  /** What is decided for all entries is recorded with one write, then it is done. */
  function carryOut(steps: readonly Made[], isFullCheck: boolean): void {
    const isDecision = steps.some((step) => step.isDecision);
    if (isFullCheck || isDecision) keeper.write(slots, steps, isFullCheck);
    steps.forEach(({ slot, before, effects }) => {
      if (!isHalted) parts.onStep(slot, effects);
      // What was decided for it is not done any more: neither the dump nor padmin shall tell of it.
      else slot.entry = before;
    });
    steps.forEach(({ slot }) => {
      if (isHalted) return;
      agenda.watch(slot);
      deathWatch.watch(slot.key, watchedProcesses(slot));
    });
    if (isDecision) parts.onChange();
    schedule();
    if (!isHalted) parts.onTurn();
  }

  function schedule(): void {
    if (isHalted) return;
    scheduler.wakeAt(Math.min(nextFullCheckAt, pulse.nextAt(), agenda.nextAt(slots)));
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
      wakeSoon();
    },
    step(slot, event) {
      settle();
      if (!isHalted && slots.includes(slot))
        carryOut([makeStep(slot, event, clock.now(), parts.newToken)], false);
    },
    check: () => fullCheck(clock.now().monotonic),
    forget(slot) {
      agenda.forget(slot);
      deathWatch.watch(slot.key, []);
    },
    halt() {
      isHalted = true;
      scheduler.close();
      deathWatch.close();
    },
  };
}
