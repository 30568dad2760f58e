// The simulated side of the seam, put together: a world in which processes start, die and get signals, and
// restart scripts do what the test says.
import type { ScriptCommand, ScriptEnd, System } from '../types.ts';
import { createSimulatedClock, type SimulatedClock } from './clock.ts';
import { simulatedFiles } from './files.ts';
import { createSimulatedOutputs, type SimulatedOutputs } from './outputs.ts';
import { createSimulatedProcesses, type SimulatedProcess, type SimulatedProcesses } from './processes.ts';

/** A restart script in progress: its process, and the way to end it. */
export type SimulatedScript = {
  readonly command: ScriptCommand;
  readonly process: SimulatedProcess;
  write(text: string): void;
  end(end: ScriptEnd): void;
};

export type SimulatedSystem = System & {
  /** A boot changes it. */
  bootId: string;
  readonly clock: SimulatedClock;
  readonly proc: SimulatedProcesses;
  readonly outputs: SimulatedOutputs;
  /** Every script that was started, in order. */
  readonly started: SimulatedScript[];
  /** What a started script does; it goes on for ever by default. */
  onScript: (script: SimulatedScript) => void;
  /** Makes the next starts fail with this error. */
  spawnError: string | undefined;
  /** Makes the writes of the record fail with this error. */
  recordError: string | undefined;
  /** What a write of the dump file does; it succeeds at once by default. */
  onDump: (text: string, onEnd: (error: string | undefined) => void) => void;
  readonly signals: { readonly pid: number; readonly signal: string }[];
  /** pcheck is killed: its timers and callbacks are gone, what it started runs on. */
  crash(): void;
  /** Files by path; a link is written as `-> target`. */
  readonly disk: Map<string, string>;
  /** Users by name. */
  readonly users: Map<string, number>;
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
  const users = new Map([['root', 0]]);
  let tokens = 0;
  // Counts the lives of pcheck: a script that an earlier one started tells its end to nobody.
  let life = 0;
  const system: SimulatedSystem = {
    clock,
    proc,
    outputs,
    disk,
    users,
    files: simulatedFiles(disk, users),
    environment: { PATH: '/usr/bin:/bin' },
    exits: undefined,
    started: [],
    signals: [],
    spawnError: undefined,
    onScript: () => undefined,
    crash() {
      clock.forgetTimers();
      life += 1;
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
      write(text, onEnd) {
        system.onDump(text, onEnd);
      },
    },
    recordError: undefined,
    onDump(text, onEnd) {
      disk.set(DUMP_PATH, text);
      clock.after(0, () => onEnd(undefined));
    },
    token: () => {
      tokens += 1;
      return `token${tokens}`;
    },
    scripts: {
      spawn(command, onEnd) {
        const error = system.spawnError;
        if (error !== undefined) {
          clock.after(0, () => onEnd({ kind: 'unspawnable', error }));
          return { pid: undefined, outputError: undefined };
        }
        const process = proc.start({
          argv: ['/bin/sh', command.path, ...command.arguments],
          comm: (command.path.split('/').at(-1) ?? '').slice(0, 15),
          ppid: proc.ownPid,
          environment: { ...command.inherited, ...command.environment },
        });
        const parent = life;
        const script: SimulatedScript = {
          command,
          process,
          write: (text) => outputs.write(command.outputFile, text),
          end(end) {
            proc.end(process.pid);
            clock.after(0, () => void (parent === life && onEnd(end)));
          },
        };
        system.started.push(script);
        system.onScript(script);
        return { pid: process.pid, outputError: undefined };
      },
      kill(pid, signal) {
        system.signals.push({ pid, signal });
      },
    },
  };
  return system;
}
