// Commands with a time limit, after which they are killed: the stall check of an entry, and what is run at
// retry-over. What comes of their results is decided by src/entry, or nothing does.
import type { CheckResult, Entry, LastCommand } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { Script } from '../pfile/types.ts';
import type { System, Timer } from '../system/types.ts';
import { scriptEnvironment } from './environment.ts';
import type { OutputLog, RunOutput } from './output.ts';
import { resultOf } from './result.ts';
import type { Started, StartedProcesses } from './started.ts';

export type LimitedCommands = {
  /** Runs the entry's check. One that is still being killed makes the next one fail, so they never overlap. */
  check(key: number, entry: Entry, onEnd: (result: CheckResult) => void): void;
  cancelCheck(key: number): void;
  /** Logs the last lines that the entry's last check wrote. */
  reportCheck(key: number, entry: Entry): void;
  /** Runs a last command, within its limit; a failure is logged. */
  last(entry: Entry, command: LastCommand, onEnd: () => void): void;
};

const LIMIT_SECONDS: Readonly<Record<LastCommand, number>> = { 'retry-over': 10, shutdown: 30 };
const WORDS: Readonly<Record<LastCommand, string>> = {
  'retry-over': 'retry_over_cmd',
  shutdown: 'SHUTDOWN_COMMAND',
};

export function createCommands(
  system: System,
  processes: StartedProcesses,
  log: Log,
  outputLog: OutputLog,
  shutdownCommand: () => Script | undefined,
  outputFileOf: (pentId: number) => string,
): LimitedCommands {
  const checks = new Map<number, Started>();
  const checkOutputs = new Map<number, RunOutput>();

  /** Calls back once: at the command's end, or at the limit, when it has been sent SIGKILL. */
  function runLimited(
    entry: Entry,
    script: Script,
    limitSeconds: number,
    onEnd: (result: CheckResult) => void,
    onGone: () => void,
  ): Started | undefined {
    const { id, name } = entry.pent;
    let timer: Timer | undefined;
    const environment = scriptEnvironment(entry, system.token());
    const started = processes.start({ name, script, outputFile: outputFileOf(id) }, environment, (end) => {
      onGone();
      if (timer === undefined) return;
      timer.cancel();
      onEnd(checkResult(resultOf(end)));
    });
    timer = system.clock.after(limitSeconds * 1000, () => {
      timer = undefined;
      if (started !== undefined) processes.signal(started, 'SIGKILL', []);
      onEnd({ outcome: 'failed', text: `was killed after ${limitSeconds} s` });
    });
    return started;
  }

  return {
    check(key, entry, onEnd) {
      const { check } = entry.pent;
      if (check === undefined) return;
      checkOutputs.delete(key);
      if (checks.has(key)) {
        onEnd({ outcome: 'failed', text: 'has not ended yet, though it was killed' });
        return;
      }
      const { command, timeoutSeconds } = check;
      const started = runLimited(entry, command, timeoutSeconds, onEnd, () => checks.delete(key));
      if (started === undefined) return;
      checks.set(key, started);
      checkOutputs.set(key, started.output);
    },
    cancelCheck(key) {
      const started = checks.get(key);
      if (started !== undefined) processes.signal(started, 'SIGKILL', []);
    },
    reportCheck(key, { pent }) {
      const output = checkOutputs.get(key);
      if (output !== undefined) outputLog.report(pent, 'check_cmd', output);
    },
    last(entry, command, onEnd) {
      const script = command === 'shutdown' ? shutdownCommand() : entry.pent.retryOverCommand;
      if (script === undefined) {
        onEnd();
        return;
      }
      const { name } = entry.pent;
      const started = runLimited(
        entry,
        script,
        LIMIT_SECONDS[command],
        ({ outcome, text }) => {
          if (outcome !== 'passed') {
            log.write(message('commandFailed', { name, command: WORDS[command], reason: text }));
          }
          onEnd();
          if (outcome === 'failed' && started !== undefined) {
            outputLog.report(entry.pent, WORDS[command], started.output);
          }
        },
        () => undefined,
      );
    },
  };
}

function checkResult({ outcome, text }: ReturnType<typeof resultOf>): CheckResult {
  switch (outcome) {
    case 'succeeded':
    case 'unknown':
      return { outcome: 'passed', text };
    case 'failed':
    case 'timed-out':
      return { outcome: 'failed', text };
    case 'unspawnable':
      return { outcome: 'not-run', text };
    default:
      return outcome satisfies never;
  }
}

/** Runs the tasks one after the other. */
export function inTurn(tasks: readonly ((done: () => void) => void)[], done: () => void): void {
  const [first, ...rest] = tasks;
  if (first === undefined) done();
  else first(() => inTurn(rest, done));
}
