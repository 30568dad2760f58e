// Scripts that change hands: one that a killed pcheck left running, and one that has become the service. The first is
// known by its pid in the record, whatever it has become by exec; where pcheck was killed before it knew that, by the
// token in its environment (SPEC 7).
import type { ScriptResult } from '../entry/types.ts';
import { isInGroup } from '../process/group.ts';
import type { ProcessReader } from '../process/reader.ts';
import type { ProcessId } from '../process/types.ts';
import type { System } from '../system/types.ts';
import type { StartedProcesses } from './children/types.ts';
import { BLIND_RETRY_MILLISECONDS, type Observer } from './observe/observer.ts';
import type { LeftScript, RestartScripts } from './scripts.ts';
import type { Slot } from './slot.ts';

export type TakeOverParts = {
  readonly system: System;
  readonly reader: ProcessReader;
  readonly processes: StartedProcesses;
  readonly scripts: RestartScripts;
  onScriptEnd(slot: Slot, run: number, result: ScriptResult): void;
};

/** A script that was left running goes on as this pcheck's own; one that has ended meanwhile has ended. */
export function takeOverScript(slot: Slot, parts: TakeOverParts): void {
  const { phase } = slot.entry;
  if (phase.is !== 'running') return;
  const { clock } = parts.system;
  const { run } = phase;
  const isKnown = parts.processes.expect();
  const onEnd = (result: ScriptResult) => parts.onScriptEnd(slot, run, result);

  function find(): void {
    unlessBlind(() => findLeft(slot, parts, found, unlessBlind));
  }

  function unlessBlind(task: () => void): void {
    try {
      task();
    } catch {
      // EMFILE and the like, told by the look at the processes: whether it runs cannot be seen yet.
      clock.after(BLIND_RETRY_MILLISECONDS, find);
    }
  }

  function found(left: LeftScript | undefined): void {
    isKnown();
    if (left !== undefined) parts.scripts.adopt(slot.key, slot.entry, left, onEnd);
    else
      clock.after(0, () => onEnd({ outcome: 'unknown', text: 'ended while no pcheck was there to see it' }));
  }

  find();
}

/** At the end: a script that has become the service since the last look is no script in progress any more. */
export function releaseServices(
  slots: readonly Slot[],
  lookNow: Observer['lookNow'],
  scripts: RestartScripts,
): void {
  const running = slots.filter(({ entry }) => entry.phase.is === 'running');
  lookNow(running)?.forEach(({ matchIsScript }, index) => {
    const slot = running[index];
    if (matchIsScript && slot !== undefined) scripts.release(slot.key);
  });
}

/** Throws where /proc cannot be looked at; what comes later is within `later`. */
function findLeft(
  slot: Slot,
  parts: TakeOverParts,
  found: (left: LeftScript | undefined) => void,
  later: (task: () => void) => void,
): void {
  const { script, token, entry } = slot;
  const wasTerminated = entry.phase.is === 'running' && entry.phase.limit.is === 'terminated';
  // Whom that SIGTERM spared was not recorded: those that match when it is asked for.
  const terminated = wasTerminated ? () => slot.matches.map(({ pid }) => pid) : undefined;
  const { reader } = parts;
  if (token === undefined) found(undefined);
  else if (script === undefined) {
    search(parts, leadersOf(parts), token, later, (leader) =>
      found(leader && { group: leader.pid, leader, terminated }),
    );
  } else if (reader.stat(script.pid)?.startTicks === script.startTicks) {
    found({ group: script.pid, leader: script, terminated });
  } else if (terminated === undefined) {
    found(undefined);
  } else {
    // Its leader went at SIGTERM; the group may be that of somebody else by now.
    const members = [...parts.system.proc.pids()].filter((pid) => isInGroup(reader, pid, script.pid));
    search(parts, members, token, later, (member) =>
      found(member && { group: script.pid, leader: undefined, terminated }),
    );
  }
}

/** A script leads its session all its life; so may services that it has left. */
function leadersOf({ system, reader }: TakeOverParts): number[] {
  return [...system.proc.pids()].filter((pid) => reader.stat(pid)?.session === pid);
}

/** The one that began first of those that have the token: the others are what it has started. */
function search(
  { system, reader }: TakeOverParts,
  pids: readonly number[],
  token: string,
  later: (task: () => void) => void,
  found: (first: ProcessId | undefined) => void,
): void {
  function firstOf(holders: readonly number[]): ProcessId | undefined {
    let first: ProcessId | undefined;
    for (const pid of holders) {
      const startTicks = reader.stat(pid)?.startTicks;
      if (startTicks !== undefined && startTicks < (first?.startTicks ?? Infinity))
        first = { pid, startTicks };
    }
    return first;
  }
  system.environments.search(pids, `PSAVER_RUN=${token}\0`, (holders) => {
    later(() => found(firstOf(holders)));
  });
}
