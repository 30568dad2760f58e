// The simulated system with what can go wrong between pcheck and it: pcheck is killed before or after any call,
// disks are full or stuck, syslog takes nothing, timers that never let time pass are found out.

import type { LogMessage } from '../../src/log/catalogue.ts';
import { createLog, type PatientLog } from '../../src/log/log.ts';
import { syslogWriter } from '../../src/log/writers.ts';
import { createQueuedSink } from '../../src/system/real/sinks/queued-sink.ts';
import type { SimulatedSystem } from '../../src/system/simulated/system.ts';
import type { ScriptCommand, System } from '../../src/system/types.ts';
import { Killed, Violation } from './violation.ts';

export type Wires = {
  /** Calls until pcheck is killed in the middle of one. */
  killedIn: number | undefined;
  isSyslogStuck: boolean;
  /** `stuck`: its child hangs; `silent`: that cannot even begin. */
  dumpFailure: 'stuck' | 'silent' | 'ENOSPC' | undefined;
  /** Lines that went out to syslog. */
  readonly delivered: string[];
};

export type Witness = {
  logged(message: LogMessage): void;
  /** pcheck has asked for it to be started. */
  starting(command: ScriptCommand): void;
  /** pcheck has said that it must not begin any more. */
  givenUp(command: ScriptCommand): void;
  dumped(text: string): void;
  recorded(error: string | undefined): void;
};

const CALLBACKS_AT_ONE_MOMENT = 5000;

export function createWires(): Wires {
  return { killedIn: undefined, isSyslogStuck: false, dumpFailure: undefined, delivered: [] };
}

export function faultySystem(system: SimulatedSystem, wires: Wires, witness: Witness): System {
  const { clock, record, dump, scripts, proc } = system;
  let moment = -1;
  let callbacks = 0;

  function watchForSpinning(): void {
    const { monotonic } = clock.now();
    callbacks = monotonic === moment ? callbacks + 1 : 0;
    moment = monotonic;
    if (callbacks > CALLBACKS_AT_ONE_MOMENT) throw new Violation('nothing spins', `at ${monotonic} ms`);
  }

  return {
    ...system,
    clock: {
      now: clock.now,
      after: (delay, callback) =>
        clock.after(delay, () => {
          watchForSpinning();
          callback();
        }),
    },
    record: {
      ...record,
      write(text) {
        mayBeKilled(wires);
        const error = record.write(text);
        witness.recorded(error);
        mayBeKilled(wires);
        return error;
      },
      append(text) {
        mayBeKilled(wires, () => record.append(text.slice(0, torn(text))));
        const error = record.append(text);
        witness.recorded(error);
        mayBeKilled(wires);
        return error;
      },
    },
    dump: {
      write(text, on) {
        mayBeKilled(wires);
        witness.dumped(text);
        if (wires.dumpFailure === undefined) dump.write(text, on);
        if (wires.dumpFailure === 'stuck') clock.after(1, () => on.started?.());
        if (wires.dumpFailure === 'ENOSPC') clock.after(5, () => on.ended('ENOSPC'));
        mayBeKilled(wires);
      },
    },
    scripts: {
      start(command, on) {
        mayBeKilled(wires);
        witness.starting(command);
        const start = scripts.start(command, on);
        mayBeKilled(wires);
        return {
          ...start,
          giveUp() {
            witness.givenUp(command);
            start.giveUp();
          },
        };
      },
      kill: scripts.kill,
    },
    proc,
  };
}

/** The real log in front of a syslog that may take nothing. */
export function faultyLog(system: SimulatedSystem, wires: Wires, witness: Witness): PatientLog {
  const sink = createQueuedSink(
    system.clock,
    (line) => {
      if (wires.isSyslogStuck) return 'later';
      wires.delivered.push(String(line));
      return 'written';
    },
    (count) => `${count} lines dropped`,
  );
  const { write, writeLater } = createLog(
    system.clock.now,
    [syslogWriter(sink, 'pcheck', system.proc.ownPid)],
    false,
    (pass) => system.clock.after(0, pass),
  );
  return {
    write(message) {
      mayBeKilled(wires);
      write(message);
      witness.logged(message);
    },
    writeLater,
  };
}

/** In the middle of it, or between two of its lines. */
function torn(text: string): number {
  return text.length % 2 === 0 ? text.length / 2 : text.indexOf('\n') + 1;
}

/** `last` is what of the call is done still. */
function mayBeKilled(wires: Wires, last?: () => void): void {
  if (wires.killedIn === undefined) return;
  wires.killedIn -= 1;
  if (wires.killedIn > 0) return;
  wires.killedIn = undefined;
  last?.();
  throw new Killed();
}
