// pcheck with a file as its standard error, and what is in log files.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { behindPrefix } from './programs.ts';
import type { Workspace } from './workspace.ts';

export type LoggingPcheck = {
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** The exit status, or the signal's name. */
  readonly ended: Promise<number | string>;
};

/** Without syslog. */
export function startLogging(
  workspace: Workspace,
  words: readonly string[],
  stderr: string,
  flags = 'a',
): LoggingPcheck {
  const descriptor = openSync(stderr, flags);
  const [file, ...rest] = behindPrefix(workspace, [resolve('bin/pcheck'), '--no-syslog', ...words]);
  const child = spawn(file, rest, { env: workspace.environment, stdio: ['ignore', 'ignore', descriptor] });
  closeSync(descriptor);
  return {
    pid: child.pid ?? 0,
    signal: (name) => void child.kill(name),
    ended: new Promise((done) => child.on('exit', (status, signal) => done(status ?? signal ?? 'unknown'))),
  };
}

/** The whole lines of a file; none when it is not there. */
export function linesIn(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

/** Without time, tag and level. */
export function messagesIn(file: string): string[] {
  return linesIn(file).map((line) => line.replace(/^\S+ \S+ pcheck\[\d+\]: \w+: /, ''));
}

/** The same of a JSON log. */
export function jsonMessagesIn(file: string): string[] {
  return linesIn(file).map((line): string => JSON.parse(line).msg);
}

/** The children of pcheck that write its logs. */
export function writersOf({ pid }: Pick<LoggingPcheck, 'pid'>): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' '))
    .filter((child) => child !== '' && nameOf(child) === 'dd')
    .map(Number);
}

export function isThere(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

function nameOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    // It has gone.
    return undefined;
  }
}
