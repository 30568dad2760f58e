// Puts the monitor together: the entries of a pfile, the loop that moves them, the scripts and commands that
// they ask for. Decides nothing about an entry (src/entry does) and reads no process itself (src/process does).
import type { Effect, Entry } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { PatientLog } from '../log/log.ts';
import type { Pent, Pfile } from '../pfile/types.ts';
import type { CreateDeathWatch } from '../process/death-watch.ts';
import { createProcessReader } from '../process/reader.ts';
import { createProcessTable } from '../process/table/process-table.ts';
import { sharesAt } from '../process/table/read-policy.ts';
import type { System } from '../system/types.ts';
import { inTurn } from './commands.ts';
import { createDumper } from './dumper.ts';
import { carryOut, type Outlets } from './effects.ts';
import { createKeeper } from './keeper.ts';
import { createLoop } from './loop.ts';
import { createEntryLookups } from './observe/entry-lookups.ts';
import { createLongWaits } from './observe/long-waits.ts';
import type { Overseer } from './pulse.ts';
import { reloadSlots } from './reload.ts';
import { resume } from './resume.ts';
import { createRetired } from './retired.ts';
import { createRunners } from './runners.ts';
import { newSlot, type Slot, snapshotOf } from './slot.ts';
import { releaseServices, takeOverScript } from './take-over.ts';
import type { Monitor } from './types.ts';

const LOOK_MILLISECONDS = 2000;
const ASK_MILLISECONDS = 10;

export function createMonitor(
  system: System,
  pfile: Pfile,
  log: PatientLog,
  createDeathWatch: CreateDeathWatch,
  onRetryOver: (entry: Entry) => void,
  overseer: Overseer,
): Monitor {
  const { clock, proc } = system;
  let current = pfile;
  const reader = createProcessReader(system.proc);
  const { processes, scripts, commands, keepOutputs } = createRunners(
    system,
    reader,
    log,
    pfile.parameters.shmDumpFile,
    () => current.parameters.shutdownCommand,
  );
  let keys = 0;
  const slots = pfile.pents.map(makeSlot);
  const keeper = createKeeper(system, pfile.path, log);
  const snapshot = () => snapshotOf(slots, system, pfile.path);
  const dumper = createDumper(system, log, pfile.parameters.shmDumpFile, snapshot);
  let tellOutputs: () => void = () => undefined;
  let isClosing = false;
  let lastCommands: readonly ((done: () => void) => void)[] = [];

  const shares = () => sharesAt(current.parameters.monitorIntervalSeconds);
  const now = () => clock.now().monotonic;
  const answered = (keys: readonly number[] = []) => loop.answered(keys);
  const { commandLines } = system;
  const table = createProcessTable({ proc, reader, commandLines, shares, now, onAnswer: answered });
  const lookups = createEntryLookups(system.lookups, now, answered);
  const removed = new Set<Slot>();
  const longWaits = createLongWaits(log);

  const outlets: Outlets = {
    log,
    scripts,
    commands,
    onScriptBegun(slot, run, script) {
      const { phase } = slot.entry;
      if (isClosing || phase.is !== 'running' || phase.run !== run || !slots.includes(slot)) return;
      slot.script = script;
      keeper.write(slots, [{ slot }], false);
    },
    onScriptEnd(slot, run, result) {
      if (retired.ended(slot, run, result)) return;
      loop.tell(slot, (observation) => ({ type: 'script-ended', run, result, observation }));
    },
    onCheckEnd: (slot, check, result) => loop.step(slot, { type: 'check-ended', check, result }),
    onEnd(slot, after) {
      loop.halt();
      lastCommands = after.map((command) => (done) => commands.last(slot.entry, command, done));
      onRetryOver(slot.entry);
    },
  };
  const loop = createLoop(system, {
    log,
    slots,
    intervalSeconds: () => current.parameters.monitorIntervalSeconds,
    shares,
    observing: { table, lookups, processes, scripts, removed },
    createDeathWatch,
    keeper,
    newToken: system.token,
    onChange: () => dumper.changed(),
    pulse: overseer.pulse,
    onStep: carry,
    onFullCheck() {
      longWaits.tell(lookups.waits(), table.silent(), now());
      keepOutputs(slots, (tell) => tell());
      system.tidyMemory(clock.now().monotonic);
    },
    onTurn: () => overseer.onTurn?.(slots.map(({ entry }) => entry)),
  });

  const retired = createRetired(removed, clock, log, loop.lookNow, carry);

  function carry(slot: Slot, effects: readonly Effect[]): void {
    effects.forEach((effect) => void carryOut(effect, slot, outlets));
  }

  function makeSlot(pent: Pent): Slot {
    keys += 1;
    return newSlot(keys, pent, current.parameters.monitorIntervalSeconds, clock.now());
  }

  function chosen(pentIds: readonly number[] | undefined): Slot[] {
    return slots.filter(({ entry }) => pentIds?.includes(entry.pent.id) ?? true);
  }

  return {
    prepare(done) {
      // Before the first script can be due.
      keepOutputs(slots, (tell) => {
        tellOutputs = tell;
        done();
      });
    },
    begin() {
      tellOutputs();
      resume(system, pfile, log, slots);
      const parts = { system, reader, processes, scripts, onScriptEnd: outlets.onScriptEnd };
      for (const slot of slots) takeOverScript(slot, parts);
      for (const slot of slots) if (slot.isEnding) loop.step(slot, { type: 'over-before' });
      loop.wake();
    },
    snapshot,
    stop(pentIds) {
      for (const slot of chosen(pentIds)) loop.step(slot, { type: 'stop' });
      return chosen(pentIds).flatMap(({ entry }) => (entry.phase.is === 'running' ? [entry.pent.id] : []));
    },
    start: (pentIds) => loop.turn(chosen(pentIds), (observation) => ({ type: 'start', observation })),
    reset: (pentIds) => loop.turn(chosen(pentIds), (observation) => ({ type: 'reset', observation })),
    reload(next) {
      current = next;
      const { monitorIntervalSeconds } = next.parameters;
      const result = reloadSlots(next.pents, {
        slots,
        retired: retired.slots,
        make: makeSlot,
        keep: (slot, pent) => loop.step(slot, { type: 'reloaded', pent, monitorIntervalSeconds }),
        letGo(slot) {
          loop.forget(slot);
          commands.cancelCheck(slot.key);
          retired.begin(slot);
        },
      });
      log.write(message('reloaded', result));
      loop.check();
      return result;
    },
    whenLooked(done) {
      const latest = now() + LOOK_MILLISECONDS;
      function ask(): void {
        if (now() < latest && slots.some(loop.isLooking)) clock.after(ASK_MILLISECONDS, ask);
        else done();
      }
      ask();
    },
    close(done, isOrdinary = true) {
      isClosing = true;
      const lookNow = loop.lookNow;
      loop.halt();
      releaseServices([...slots, ...retired.slots], lookNow, scripts);
      const whenDumped = dumper.close();
      // The record goes last: who is killed while it ends has not ended. One who ends by a defect leaves it.
      const tasks = [...lastCommands, whenDumped, ...(isOrdinary ? [keeper.remove] : [])];
      processes.stopAll(() => inTurn(tasks, done));
    },
  };
}
