// Entries that are looked for in a simulated world: who was handed out when, with what; answers can be withheld.
import type { Observation } from '../../../../src/entry/types.ts';
import { formatMessage } from '../../../../src/log/format.ts';
import { createEntryLookups } from '../../../../src/monitor/observe/entry-lookups.ts';
import { createObserver } from '../../../../src/monitor/observe/observer.ts';
import { createRunners } from '../../../../src/monitor/runners.ts';
import { newSlot, type Slot } from '../../../../src/monitor/slot.ts';
import type { Pent } from '../../../../src/pfile/types.ts';
import { createProcessReader } from '../../../../src/process/reader.ts';
import { createProcessTable } from '../../../../src/process/table/process-table.ts';
import { createSimulatedSystem } from '../../../../src/system/simulated/system.ts';
import { PENT } from '../../entry/story.ts';

/** What looks for these entries, and the world that it looks at. */
export function createObserving(pents: readonly Partial<Pent>[]) {
  const system = createSimulatedSystem();
  const { clock, proc, commandLines } = system;
  const lines: string[] = [];
  const log = {
    write: (message: Parameters<typeof formatMessage>[0]) => void lines.push(formatMessage(message)),
    writeLater: () => undefined,
  };
  const now = () => clock.now().monotonic;
  const slots = pents.map((pent, index) =>
    newSlot(index + 1, { ...PENT, id: index + 1, ...pent }, 10, clock.now()),
  );
  const reader = createProcessReader(proc);
  const { processes, scripts } = createRunners(system, reader, log, '/var/dump', () => undefined);
  const answered: number[][] = [];
  const onAnswer = (keys: readonly number[] = []) => void answered.push([...keys]);
  const table = createProcessTable({ proc, reader, commandLines, shares: () => 1, now, onAnswer });
  const lookups = createEntryLookups(system.lookups, now, onAnswer);
  const observing = { table, lookups, processes, scripts, removed: new Set<Slot>() };
  return { system, log, lines, slots, observing, answered };
}

/** With answers that the test lets go, by the pid or path that they are of. */
export function createScene(pents: readonly Partial<Pent>[]) {
  const { system, log, lines, slots, observing } = createObserving(pents);
  const { clock } = system;
  const seen: { readonly at: number; readonly id: number; readonly observation: Observation }[] = [];
  const observer = createObserver({
    ...observing,
    clock,
    log,
    slots,
    onSeen({ slots: some, observations }) {
      some.forEach(({ entry }, index) => {
        const observation = observations[index];
        if (observation !== undefined)
          seen.push({ at: clock.now().monotonic, id: entry.pent.id, observation });
      });
    },
  });
  const withheld = new Map<number | string, (() => void)[]>();
  system.deliver = (answer, of) => {
    const waiting = withheld.get(of);
    if (waiting === undefined) answer();
    else waiting.push(answer);
  };
  return {
    system,
    slots,
    lines,
    lookups: observing.lookups,
    observer,
    withhold: (of: number | string) => void withheld.set(of, []),
    letGo(of: number | string) {
      const answers = withheld.get(of) ?? [];
      withheld.delete(of);
      for (const answer of answers) answer();
      observer.goOn();
    },
    /** The pid that the first of those that are not asked for yet was told. */
    match: () => seen[0]?.observation.match?.pid,
    /** The pent_ids that were handed out since, with the time. */
    told: () => seen.splice(0).map(({ id, at }) => `${id} at ${at}`),
  };
}
