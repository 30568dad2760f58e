// The built programs as a user runs them: through bin/, as processes of their own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { until } from './until.ts';
import type { CommandLine, Workspace } from './workspace.ts';

export type RunningPcheck = {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Its messages so far, without time, tag and level. */
  messages(): string[];
  /** All of standard error so far. */
  stderr(): string;
  /** Waits until `count` messages match. */
  logged(pattern: RegExp, count?: number, patienceSeconds?: number): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** The exit status, or the signal's name. */
  readonly ended: Promise<number | string>;
};

const LINE_HEAD = /^\S+ \S+ pcheck\[\d+\]: \w+: /;

export function startPcheck(workspace: Workspace, words: readonly string[]): RunningPcheck {
  const [file, ...rest] = behindPrefix(workspace, [resolve('bin/pcheck'), ...words]);
  const child = spawn(file, rest, {
    env: workspace.environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const messages = () =>
    text
      .split('\n')
      .filter((line) => LINE_HEAD.test(line))
      .map((line) => line.replace(LINE_HEAD, ''));
  return {
    pid: child.pid ?? 0,
    child,
    messages,
    stderr: () => text,
    async logged(pattern, count = 1, patienceSeconds) {
      const isThere = () => messages().filter((line) => pattern.test(line)).length >= count;
      await until(
        `pcheck has logged ${count} × ${pattern}; it logged:\n${text}`,
        isThere,
        patienceSeconds,
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}\nby then:\n${text}`);
      });
    },
    signal: (name) => void child.kill(name),
    ended: new Promise((done) => child.on('close', (status, signal) => done(status ?? signal ?? 'unknown'))),
  };
}

export type Output = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export function padmin(workspace: Workspace, ...words: readonly string[]): Output {
  return runProgram(workspace, 'padmin', words);
}

export function pcheck(workspace: Workspace, ...words: readonly string[]): Output {
  return runProgram(workspace, 'pcheck', words);
}

/** The values that `padmin -c show pent` prints for the first entry. */
export function showPent(workspace: Workspace, pfile: string): Record<string, string> {
  return firstPent(padmin(workspace, '-f', pfile, '-c', 'show', 'pent'));
}

export function firstPent({ stdout }: Output): Record<string, string> {
  const block = stdout.split('\n\n')[0] ?? '';
  return Object.fromEntries(
    block
      .trimEnd()
      .split('\n')
      .map((line) => [line.split(/\s*= ?/)[0] ?? '', line.replace(/^[^=]*= ?/, '')]),
  );
}

function runProgram(workspace: Workspace, name: string, words: readonly string[]): Output {
  return run(workspace, [resolve(`bin/${name}`), ...words]);
}

/** Any other command of the workspace, to its end. */
export function run(workspace: Workspace, command: CommandLine): Output {
  const [file, ...words] = behindPrefix(workspace, command);
  const { status, stdout, stderr } = spawnSync(file, words, {
    env: workspace.environment,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}

export function behindPrefix({ prefix }: Workspace, command: CommandLine): CommandLine {
  return prefix === undefined ? command : [...prefix, ...command];
}
