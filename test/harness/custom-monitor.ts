// A stand-in for the custom monitor resource of CLUSTERPRO X / EXPRESSCLUSTER, asynchronous type: it starts a whole
// command line without a terminal while its target is active, takes any end that it has not asked for as an error,
// stops it by SIGTERM, and collects what it writes.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { until } from './until.ts';
import type { Workspace } from './workspace.ts';

export type CustomMonitor = {
  readonly pid: number;
  state(): 'normal' | 'error' | 'stopped';
  /** How it ended, when it has. */
  end(): number | string | undefined;
  /** Waits until an end is taken as an error: the recovery action would follow. */
  fails(): Promise<void>;
  /** As when the target is deactivated. Fails when SIGTERM alone does not end it. */
  stop(): Promise<void>;
  /** What was collected from its standard output and error so far. */
  log(): string;
};

/** All that a daemon has to hand on: no HOME, no TERM, no locale. */
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** `commandLine` as it stands in the field "File": words with blanks between them. `name`: of its log. */
export function startCustomMonitor(workspace: Workspace, commandLine: string, name: string): CustomMonitor {
  const [file = '', ...words] = commandLine.split(/ +/);
  const logFile = workspace.path(`${name}.log`);
  const log = openSync(logFile, 'a');
  const mark = Object.entries(workspace.environment).filter(([key]) => key.startsWith('SCENARIO_'));
  const child = spawn(file, words, {
    cwd: '/',
    // A session of its own: no terminal.
    detached: true,
    stdio: ['ignore', log, log],
    env: {
      ...ENVIRONMENT,
      ...Object.fromEntries(mark),
      XDG_RUNTIME_DIR: workspace.environment['XDG_RUNTIME_DIR'],
    },
  });
  closeSync(log);
  let state: 'normal' | 'error' | 'stopped' = 'normal';
  let isStopping = false;
  let end: number | string | undefined;
  child.on('exit', (status, signal) => {
    end = status ?? signal ?? 'unknown';
    state = isStopping ? 'stopped' : 'error';
  });
  return {
    pid: child.pid ?? 0,
    state: () => state,
    end: () => end,
    fails: () => until('the monitor detects an error', () => state === 'error'),
    async stop() {
      isStopping = true;
      child.kill('SIGTERM');
      await until('the monitor is stopped', () => state !== 'normal');
      assert.equal(state, 'stopped');
    },
    log: () => readFileSync(logFile, 'utf8'),
  };
}
