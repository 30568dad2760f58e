// The simulated side of the seam, put together: a world in which processes start, die and get signals, and
// restart scripts do what the test says.
import type { DumpListener, System } from '../types.ts';
import { createSimulatedClock, type SimulatedClock } from './clock.ts';
import { createSimulatedOutputs, type SimulatedOutputs } from './outputs.ts';
import { createSimulatedProcesses, type SimulatedProcesses } from './processes.ts';
import { type Deliver, simulatedCommandLines, simulatedLookups } from './reads.ts';
import { createSimulatedScripts, type SimulatedStarts } from './scripts.ts';

export type { SimulatedScript } from './scripts.ts';

export type SimulatedSystem = System &
  SimulatedStarts & {
    /** A boot changes it. */
    bootId: string;
    readonly clock: SimulatedClock;
    readonly proc: SimulatedProcesses;
    readonly outputs: SimulatedOutputs;
    /** Makes the writes of the record fail with this error. */
    recordError: string | undefined;
    /** How long a search of environments takes; who cannot be read by then is not found. */
    searchMilliseconds: number;
    /** What a write of the dump file does; it succeeds at once by default. */
    onDump: (text: string, on: DumpListener) => void;
    /** When answers about command lines and files come: at once by default. */
    deliver: Deliver;
    /** pcheck is killed: its timers and callbacks are gone, what it started runs on. */
    crash(): void;
    /** Files by path; a link is written as `-> target`. */
    readonly disk: Map<string, string>;
  };

const WALL_AT_START = Date.UTC(2026, 0, 1);
const TICK_MILLISECONDS = 10;
export const RECORD_PATH = '/run/record';
export const DUMP_PATH = '/var/dump';

export function createSimulatedSystem(): SimulatedSystem {
  const clock = createSimulatedClock(WALL_AT_START);
  const proc = createSimulatedProcesses(() => Math.floor(clock.now().monotonic / TICK_MILLISECONDS));
  const outputs = createSimulatedOutputs();
  const disk = new Map<string, string>();
  const { starts, scripts, crash } = createSimulatedScripts(clock, proc, outputs);
  let tokens = 0;
  // Counts the lives of pcheck.
  let life = 0;
  /** An answer that comes after the death of who has asked is nobody's. */
  function deliver(answer: () => void, of: number | string): void {
    const asker = life;
    system.deliver(() => void (asker === life && answer()), of);
  }
  const rest: Omit<SimulatedSystem, keyof SimulatedStarts> = {
    clock,
    proc,
    outputs,
    disk,
    commandLines: simulatedCommandLines(proc, deliver),
    lookups: simulatedLookups(disk, deliver),
    deliver: (answer) => answer(),
    environment: { PATH: '/usr/bin:/bin' },
    exits: undefined,
    crash() {
      clock.forgetTimers();
      life += 1;
      crash();
    },
    bootId: 'boot1',
    tidyMemory: () => undefined,
    record: {
      read() {
        const text = disk.get(RECORD_PATH);
        return text === undefined ? undefined : { text };
      },
      write(text) {
        if (system.recordError === undefined) disk.set(RECORD_PATH, text);
        return system.recordError;
      },
      append(text) {
        const before = disk.get(RECORD_PATH) ?? '';
        disk.set(RECORD_PATH, before + (system.recordError === undefined ? text : text.slice(0, 40)));
        return system.recordError;
      },
      isInPlace: () => disk.has(RECORD_PATH),
      remove: () => void disk.delete(RECORD_PATH),
      putAside() {
        disk.set(`${RECORD_PATH}.bad`, disk.get(RECORD_PATH) ?? '');
        disk.delete(RECORD_PATH);
        return `${RECORD_PATH}.bad`;
      },
    },
    dump: {
      write(text, on) {
        system.onDump(text, on);
      },
    },
    recordError: undefined,
    onDump(text, on) {
      disk.set(DUMP_PATH, text);
      clock.after(0, () => {
        on.started?.();
        on.ended(undefined);
      });
    },
    token: () => {
      tokens += 1;
      return `token${tokens}`;
    },
    scripts,
    searchMilliseconds: 0,
    environments: {
      search(pids, text, onFound) {
        clock.after(system.searchMilliseconds, () => {
          onFound(pids.filter((pid) => hasInEnvironment(proc, pid, text)));
        });
      },
    },
  };
  // The starts are changed by the tests, and have to stay the same object.
  const system: SimulatedSystem = Object.assign(starts, rest);
  return system;
}

function hasInEnvironment(proc: SimulatedProcesses, pid: number, text: string): boolean {
  const process = proc.get(pid);
  if (process === undefined || process.isUnreadable || process.isZombie) return false;
  return Object.entries(process.environment).some(([name, value]) => `${name}=${value}\0` === text);
}
