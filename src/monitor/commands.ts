// Commands with a time limit, after which they are killed: the stall check of an entry, and what is run at
// retry-over. What comes of their results is decided by src/entry, or nothing does.
import type { CheckResult, Entry, LastCommand } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { Script } from '../pfile/types.ts';
import type { System, Timer } from '../system/types.ts';
import type { Command, Started, StartedProcesses } from './children/types.ts';
import { scriptEnvironment } from './environment.ts';
import { afterListening } from './loop/listen-first.ts';
import type { OutputLog, RunOutput } from './output.ts';
import { resultOf } from './result.ts';

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
const WORDS: Readonly<Record<LastCommand, Command['what']>> = {
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

  function commandOf({ pent: { id, name } }: Entry, what: Command['what'], script: Script): Command {
    return { name, what, script, outputFile: outputFileOf(id) };
  }

  /** Calls back once: at the command's end, or at the limit, when it has been sent SIGKILL or its start was given up. */
  function runLimited(
    entry: Entry,
    command: Command,
    limitSeconds: number,
    onEnd: (result: CheckResult) => void,
    onGone: () => void,
  ): Started {
    let timer: Timer | undefined;
    const started = processes.start(command, scriptEnvironment(entry, system.token()), {
      ended(end) {
        onGone();
        if (timer === undefined) return;
        timer.cancel();
        onEnd(checkResult(resultOf(end)));
      },
    });
    timer = afterListening(system.clock, limitSeconds * 1000, () => {
      timer = undefined;
      const isStarting = processes.isStarting(started);
      processes.signal(started, 'SIGKILL', []);
      onEnd(
        isStarting
          ? { outcome: 'not-run', text: `could not be started within ${limitSeconds} s` }
          : { outcome: 'failed', text: `was killed after ${limitSeconds} s` },
      );
    });
    return started;
  }

  return {
    check(key, entry, onEnd) {
      const { check } = entry.pent;
      if (check === undefined) return;
      checkOutputs.delete(key);
      const before = checks.get(key);
      if (before !== undefined) {
        onEnd(
          processes.isStarting(before)
            ? { outcome: 'not-run', text: 'could not be started: the start before this one still hangs' }
            : { outcome: 'failed', text: 'has not ended yet, though it was killed' },
        );
        return;
      }
      const command = commandOf(entry, 'check_cmd', check.command);
      const started = runLimited(entry, command, check.timeoutSeconds, onEnd, () => checks.delete(key));
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
    last(entry, which, onEnd) {
      const script = which === 'shutdown' ? shutdownCommand() : entry.pent.retryOverCommand;
      if (script === undefined) {
        onEnd();
        return;
      }
      const { name } = entry.pent;
      const command = commandOf(entry, WORDS[which], script);
      const started = runLimited(
        entry,
        command,
        LIMIT_SECONDS[which],
        ({ outcome, text }) => {
          if (outcome !== 'passed') {
            log.write(message('commandFailed', { name, command: command.what, reason: text }));
          }
          onEnd();
          if (outcome === 'failed') outputLog.report(entry.pent, command.what, started.output);
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
