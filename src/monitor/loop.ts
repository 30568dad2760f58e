// Looks, steps and wakes: when something is due, one look is shared by all entries that are, each makes its
// step when what it is told is decided, and the scheduler is set to the next deadline. What the steps ask for is
// carried out elsewhere.
import { isLastLook } from '../entry/pace.ts';
import type { EntryEvent, Observation } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Depth } from '../process/table/read-policy.ts';
import type { System } from '../system/types.ts';
import { createAgenda } from './agenda.ts';
import type { LoopParts } from './loop-parts.ts';
import { createSharedWarning } from './observe/duplicate-warning.ts';
import { createObserver, type Seen } from './observe/observer.ts';
import { createScheduler } from './scheduler.ts';
import { type Slot, watchedProcesses } from './slot.ts';
import { type Made, makeStep } from './step.ts';
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
  /** An answer about a process or a file has come; these slots, by their keys, may be told something else now. */
  answered(keys: readonly number[]): void;
  isLooking(slot: Slot): boolean;
  /** What is seen without waiting; undefined when /proc cannot be looked at. */
  lookNow(slots: readonly Slot[]): readonly Observation[] | undefined;
  /** A slot that is no more of the pfile: nothing is told of its process. */
  forget(slot: Slot): void;
  /** Nothing is decided after this. */
  halt(): void;
};

export function createLoop({ clock, exits }: System, parts: LoopParts): Loop {
  const { log, slots, keeper, pulse, observing } = parts;
  const { lookups } = observing;
  const warnShared = createSharedWarning(log);
  const scheduler = createScheduler(clock, wake);
  const observer = createObserver({ ...observing, clock, log, slots, onSeen });
  const agenda = createAgenda(observer.isLooking);
  const told = createTold();
  const deathWatch = parts.createDeathWatch((key) => {
    agenda.died(key);
    wakeSoon();
  });
  let nextFullCheckAt = clock.now().monotonic;
  let fullChecks = 0;
  let isHalted = false;
  let isWakeComing = false;
  /** Slots about whose processes an answer has come; undefined: none has come. */
  let answered: Set<number> | undefined;
  const soon = exits?.afterTold ?? ((task: () => void) => void clock.after(0, task));

  function wake(): void {
    isWakeComing = false;
    if (isHalted) return;
    const now = clock.now().monotonic;
    pulse.beat(now);
    const keys = answered;
    answered = undefined;
    if (keys !== undefined) observer.goOn();
    if (now >= nextFullCheckAt) fullCheck(now);
    else {
      for (const slot of [...agenda.due(slots, now), ...agenda.bereaved(), ...slotsOf(keys)]) {
        told.observe(slot);
      }
      look(new Set(told.due()), 'new');
    }
    schedule();
  }

  function wakeSoon(): void {
    if (isHalted || isWakeComing) return;
    isWakeComing = true;
    soon(wake);
  }

  function slotsOf(keys: ReadonlySet<number> | undefined): readonly Slot[] {
    return keys === undefined || keys.size === 0 ? [] : slots.filter(({ key }) => keys.has(key));
  }

  function fullCheck(now: number): void {
    nextFullCheckAt = now + parts.intervalSeconds() * 1000;
    fullChecks += 1;
    refreshRules();
    agenda.clear();
    for (const slot of slots) told.observe(slot);
    told.due();
    look(new Set(slots), 'full');
    if (isHalted) return;
    warnShared(slots);
    const milliseconds = Math.round(clock.now().monotonic - now);
    log.write(message('fullCheck', { entries: slots.length, milliseconds }));
    parts.onFullCheck();
  }

  /** A process that is watched fits its rule as it is: what NAME leads to now matters when it is gone. */
  function refreshRules(): void {
    slots.forEach((slot) => {
      const isItsTurn = (slot.key + fullChecks) % parts.shares() === 0 || !lookups.isRuleKnown(slot);
      if (isItsTurn || slot.entry.phase.is !== 'watching') lookups.refreshRule(slot);
    });
  }

  /** Before an entry is given up or its script is run after a wait, everything is looked at, for it alone. */
  function look(chosen: ReadonlySet<Slot>, depth: Depth): void {
    if (isHalted) return;
    const there = inOrder(chosen, slots);
    const { monotonic } = clock.now();
    const last = there.filter(({ entry }) => isLastLook(entry, monotonic));
    const others = last.length === 0 ? there : there.filter((slot) => !last.includes(slot));
    if (others.length > 0 || depth === 'full') observer.look(others, depth);
    if (last.length > 0) observer.look(last, 'everything');
  }

  function onSeen({ slots: seen, observations }: Seen, isFullCheck: boolean): void {
    const steps = seen.flatMap((slot, at) => {
      const observation = observations[at];
      const toEvent = told.take(slot);
      if (observation === undefined || !slots.includes(slot)) return [];
      return [makeStep(slot, toEvent(observation), clock.now(), parts.newToken)];
    });
    carryOut(steps, isFullCheck);
    if (seen.some(told.has)) wakeSoon();
  }

  /** What is decided for all entries is recorded with one write, then it is done. */
  function carryOut(steps: readonly Made[], isFullCheck: boolean): void {
    if (isHalted) return;
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
      for (const slot of chosen) told.add(slot, toEvent);
      told.due();
      if (!isHalted) observer.look(chosen, 'everything');
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
    answered(keys) {
      const others = keys.filter((key) => !observer.isLooking({ key }));
      if (others.length === 0 && !observer.isWaiting()) return;
      answered ??= new Set();
      for (const key of others) answered.add(key);
      wakeSoon();
    },
    isLooking: observer.isLooking,
    lookNow: observer.lookNow,
    forget(slot) {
      agenda.forget(slot);
      told.forget(slot);
      observer.forget(slot);
      deathWatch.watch(slot.key, []);
    },
    halt() {
      isHalted = true;
      scheduler.close();
      observer.close();
      deathWatch.close();
    },
  };
}
