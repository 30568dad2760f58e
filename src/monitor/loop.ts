// Looks, steps and wakes: when something is due, one look is shared by all entries that are, each makes its
// step, and the scheduler is set to the next deadline. What the steps ask for is carried out elsewhere.
import { deadline } from '../entry/pace.ts';
import type { EntryEvent, Observation } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { ProcessId } from '../process/types.ts';
import type { System } from '../system/types.ts';
import type { LoopParts } from './loop-parts.ts';
import { createScheduler } from './scheduler.ts';
import { createSharedWarning } from './shared.ts';
import { BLIND_RETRY_MILLISECONDS } from './sight.ts';
import { heldProcess, isDue, matchRule, type Slot } from './slot.ts';
import { type Made, makeStep } from './step.ts';

export type Loop = {
  wake(): void;
  /** Looks once for these slots and hands each its event. */
  turn(chosen: readonly Slot[], toEvent: (seen: Observation) => EntryEvent): void;
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
  const dead: ProcessId[] = [];
  const deathWatch = parts.createDeathWatch((process) => {
    dead.push(process);
    schedule();
  });
  const stepParts = { clock, deathWatch, newToken: parts.newToken };
  let nextFullCheckAt = clock.now().monotonic;
  let isHalted = false;

  function wake(): void {
    if (isHalted) return;
    const now = clock.now().monotonic;
    pulse.beat(now);
    const deadPids = new Set(dead.splice(0).map(({ pid }) => pid));
    if (now >= nextFullCheckAt) fullCheck(now);
    else
      take(
        slots.filter((slot) => isDue(slot, now, deadPids)),
        observed,
        false,
      );
  }

  function fullCheck(now: number): void {
    nextFullCheckAt = now + parts.intervalSeconds() * 1000;
    for (const slot of slots) slot.rule = matchRule(slot.entry.pent, files, slot.rule.name);
    take(slots, observed, true);
    if (isHalted) return;
    warnShared(slots);
    const milliseconds = Math.round(clock.now().monotonic - now);
    log.write(message('fullCheck', { entries: slots.length, milliseconds }));
    parts.onFullCheck();
  }

  function take(
    chosen: readonly Slot[],
    toEvent: (seen: Observation) => EntryEvent,
    isFullCheck: boolean,
  ): void {
    if (isHalted) return;
    const there = chosen.filter(isThere);
    const seen = sight(there, isFullCheck);
    if (seen === undefined) {
      clock.after(BLIND_RETRY_MILLISECONDS, () => {
        // Blind, but alive.
        pulse.beat(clock.now().monotonic);
        take(chosen, toEvent, isFullCheck);
      });
      return;
    }
    const steps = there.flatMap((slot, index) => {
      const observation = seen[index];
      return observation === undefined ? [] : [makeStep(slot, toEvent(observation), stepParts)];
    });
    carryOut(steps, isFullCheck);
  }

  /** What began for an entry that a reload has removed since is no business of anybody any more. */
  function isThere(slot: Slot): boolean {
    return slots.includes(slot);
  }

  /** What is decided for all entries is recorded with one write, then it is done. */
  function carryOut(steps: readonly Made[], isFullCheck: boolean): void {
    if (isFullCheck || steps.some(({ isDecision }) => isDecision)) keeper.write(slots, isFullCheck);
    for (const { slot, before, effects } of steps) {
      if (!isHalted) parts.onStep(slot, effects);
      // What was decided for it is not done any more: neither the dump nor padmin shall tell of it.
      else slot.entry = before;
    }
    if (steps.some(({ isDecision }) => isDecision)) parts.onChange();
    schedule();
    if (!isHalted) parts.onTurn();
  }

  function schedule(): void {
    if (isHalted) return;
    const deadlines = slots.map(({ entry }) => deadline(entry) ?? Infinity);
    const next = Math.min(nextFullCheckAt, pulse.nextAt(), ...deadlines);
    scheduler.wakeAt(dead.length > 0 ? clock.now().monotonic : next);
  }

  return {
    wake,
    turn: (chosen, toEvent) => take(chosen, toEvent, false),
    step(slot, event) {
      if (!isHalted && isThere(slot)) carryOut([makeStep(slot, event, stepParts)], false);
    },
    check: () => fullCheck(clock.now().monotonic),
    forget({ entry }) {
      const held = heldProcess(entry);
      if (held !== undefined) deathWatch.unwatch(held);
    },
    halt() {
      isHalted = true;
      scheduler.close();
      deathWatch.close();
    },
  };
}

function observed(observation: Observation): EntryEvent {
  return { type: 'observed', observation };
}
