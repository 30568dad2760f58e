// The restart script of each entry, one at most; entries by their slot's key. When it is to run, and what its
// end means, is decided by src/entry.
import type { Entry, ScriptResult } from '../entry/types.ts';
import type { ProcessReader } from '../process/reader.ts';
import type { ProcessId } from '../process/types.ts';
import type { System } from '../system/types.ts';
import type { Command, Started, StartedProcesses } from './children/types.ts';
import { whenGone } from './children/when-gone.ts';
import { scriptEnvironment } from './environment.ts';
import type { OutputLog, RunOutput } from './output.ts';
import { resultOf } from './result.ts';

export type RestartScripts = {
  /** `token` is put into its environment. */
  run(key: number, entry: Entry, token: string, on: ScriptListener): void;
  /** Goes on with one that a killed pcheck left running. */
  adopt(key: number, entry: Entry, left: LeftScript, onEnd: (result: ScriptResult) => void): void;
  /** Signals the entry's script, but not the processes in `spared` and what descends from them. */
  signal(key: number, signal: 'SIGTERM' | 'SIGKILL', spared: readonly number[]): void;
  /** Forgets a script that has become the service. */
  release(key: number): void;
  /** Logs the last lines that this run wrote. */
  report(key: number, entry: Entry, run: number): void;
  /** The pid of the entry's script in progress. */
  pidOf(key: number): number | undefined;
};

export type ScriptListener = {
  /** Not for every one: a start may hang, and a process may have gone by then. */
  begun(process: ProcessId): void;
  ended(result: ScriptResult): void;
};

/** A script that another pcheck has started, as it was found. */
export type LeftScript = {
  readonly group: number;
  /** Undefined: it has ended, others of its group have not. */
  readonly leader: ProcessId | undefined;
  /** It was sent SIGTERM, which spared these. */
  readonly terminated: (() => readonly number[]) | undefined;
};

export function createScripts(
  system: System,
  reader: ProcessReader,
  processes: StartedProcesses,
  outputLog: OutputLog,
  outputFileOf: (pentId: number) => string,
): RestartScripts {
  const running = new Map<number, Started>();
  /** Of each entry's last two runs: when one is reported, the next may have begun. */
  const outputs = new Map<number, readonly { readonly run: number; readonly output: RunOutput }[]>();
  /** Signals for a script that was not found again yet. */
  const missed = new Map<number, () => void>();

  function commandOf({ pent: { id, name, script } }: Entry): Command {
    return { name, what: 'restart script', script, outputFile: outputFileOf(id) };
  }

  function signal(key: number, name: 'SIGTERM' | 'SIGKILL', spared: readonly number[]): void {
    const started = running.get(key);
    if (started === undefined) missed.set(key, () => signal(key, name, spared));
    else processes.signal(started, name, spared);
  }

  function forget(key: number, started: Started): void {
    if (running.get(key) === started) running.delete(key);
  }

  return {
    run(key, entry, token, on) {
      missed.delete(key);
      const started = processes.start(commandOf(entry), scriptEnvironment(entry, token), {
        begun(pid) {
          const startTicks = startTicksOf(reader, pid);
          if (startTicks !== undefined) on.begun({ pid, startTicks });
        },
        ended(end) {
          forget(key, started);
          on.ended(resultOf(end));
        },
      });
      running.set(key, started);
      const { output } = started;
      outputs.set(key, [...(outputs.get(key)?.slice(-1) ?? []), { run: entry.restartCount, output }]);
    },
    adopt(key, entry, { group, leader, terminated }, onEnd) {
      const { started, leaderEnded } = processes.adopt(commandOf(entry), group, terminated);
      running.set(key, started);
      missed.get(key)?.();
      missed.delete(key);
      whenGone(system, reader, leader, () =>
        leaderEnded(() => {
          forget(key, started);
          onEnd({ outcome: 'unknown', text: 'has ended (its status was for the pcheck before this one)' });
        }),
      );
    },
    signal,
    release(key) {
      const started = running.get(key);
      if (started !== undefined) processes.release(started);
      running.delete(key);
    },
    report(key, { pent }, run) {
      const output = outputs.get(key)?.find((one) => one.run === run)?.output;
      if (output !== undefined) outputLog.report(pent, 'restart script', output);
    },
    pidOf: (key) => running.get(key)?.group() || undefined,
  };
}

function startTicksOf(reader: ProcessReader, pid: number): number | undefined {
  try {
    return reader.stat(pid)?.startTicks;
  } catch {
    // EMFILE and the like: a later pcheck finds it by its token.
    return undefined;
  }
}
