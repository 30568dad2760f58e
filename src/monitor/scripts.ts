// The restart script of each entry, one at most; entries by their slot's key. When it is to run, and what its
// end means, is decided by src/entry.
import type { Entry, ScriptResult } from '../entry/types.ts';
import type { ProcessReader } from '../process/reader.ts';
import type { System } from '../system/types.ts';
import { scriptEnvironment } from './environment.ts';
import type { OutputLog, RunOutput } from './output.ts';
import { resultOf } from './result.ts';
import type { Started, StartedProcesses } from './started.ts';
import { findByToken, whenGone } from './take-over.ts';

export type RestartScripts = {
  /** `token` is put into its environment. */
  run(key: number, entry: Entry, token: string, onEnd: (result: ScriptResult) => void): void;
  /** Takes over the script that a killed pcheck left running; false when it is not there any more. */
  takeOver(key: number, entry: Entry, token: string, onEnd: (result: ScriptResult) => void): boolean;
  /** Signals the entry's script, but not the processes in `spared` and what descends from them. */
  signal(key: number, signal: 'SIGTERM' | 'SIGKILL', spared: readonly number[]): void;
  /** Forgets a script that has become the service. */
  release(key: number): void;
  /** Logs the last lines that this run wrote. */
  report(key: number, entry: Entry, run: number): void;
  /** The pid of the entry's script in progress. */
  pidOf(key: number): number | undefined;
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

  function signal(key: number, name: 'SIGTERM' | 'SIGKILL', spared: readonly number[]): void {
    const started = running.get(key);
    if (started === undefined) missed.set(key, () => signal(key, name, spared));
    else processes.signal(started, name, spared);
  }

  return {
    run(key, entry, token, onEnd) {
      missed.delete(key);
      const { id, name, script } = entry.pent;
      const environment = scriptEnvironment(entry, token);
      const started = processes.start({ name, script, outputFile: outputFileOf(id) }, environment, (end) => {
        if (started !== undefined && running.get(key) === started) running.delete(key);
        onEnd(resultOf(end));
      });
      if (started === undefined) return;
      running.set(key, started);
      outputs.set(key, [
        ...(outputs.get(key)?.slice(-1) ?? []),
        { run: entry.restartCount, output: started.output },
      ]);
    },
    takeOver(key, entry, token, onEnd) {
      const { id, name, script } = entry.pent;
      const found = findByToken(system.proc, reader, token, script.path);
      if (found === undefined) return false;
      const started = processes.adopt({
        session: found.pid,
        path: script.path,
        name,
        output: outputLog.begin(outputFileOf(id)),
      });
      running.set(key, started);
      missed.get(key)?.();
      whenGone(system, reader, found, () => {
        if (running.get(key) === started) running.delete(key);
        processes.release(started);
        onEnd({ outcome: 'unknown', text: 'has ended (its status was for the pcheck before this one)' });
      });
      return true;
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
    pidOf: (key) => running.get(key)?.session,
  };
}
