// Starts restart scripts and sends signals. A script gets a session of its own, no descriptor but its three,
// and a file (never a pipe) for its output: the service that it leaves behind inherits it (SPEC 4). Where the
// kernel tells ends, posix_spawn(3) starts it (kernel-spawn.ts), else Node does.
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import type { Exits, ScriptCommand, ScriptEnd, Scripts } from '../types.ts';
import type { Spawner } from './kernel-spawn.ts';
import type { RealOutputs } from './outputs.ts';
import { ownProtection } from './protection.ts';
import { type Command, scriptCommand } from './script-shell.ts';
import { hearOfChildren } from './signals.ts';

/** What is better than Node's own way of starting programs. */
export type FastStart = {
  readonly spawner: Spawner;
  readonly exits: Exits;
};

type Start = (
  command: ScriptCommand,
  output: number | undefined,
  onEnd: (end: ScriptEnd) => void,
) => number | undefined;

export function createRealScripts(
  outputs: RealOutputs,
  fast: FastStart | undefined,
  openFilesLimit = process.env['PSAVER_NOFILE'],
): Scripts {
  const start = fast === undefined ? slowStart(openFilesLimit) : fastStart(fast, openFilesLimit);
  return {
    spawn(command, onEnd) {
      const output = outputs.descriptor(command.outputFile);
      const [descriptor, outputError] = typeof output === 'number' ? [output] : [undefined, output.error];
      return { pid: start(command, descriptor, onEnd), outputError };
    },
    kill(pid, signal) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        // ESRCH: it has gone already. EPERM: it changed its user; nothing more can be done.
        if (!['ESRCH', 'EPERM'].includes(errorCode(error))) throw error;
      }
    },
  };
}

const REAP_AGAIN_MILLISECONDS = 100;

function fastStart({ spawner, exits }: FastStart, limit: string | undefined): Start {
  const nowhere = openSync('/dev/null', 'r+');
  const openFilesLimit = /^(\d+|unlimited)$/.test(limit ?? '') ? limit : undefined;
  // A parent that ignored SIGCHLD would leave nothing of a child's end to be told.
  hearOfChildren();
  return (wanted, output = nowhere, onEnd) => {
    const command = scriptCommand(wanted, undefined, ownProtection());
    const spawn = (form: Command) =>
      spawner.spawn({ ...wanted, ...form, stdin: nowhere, output, openFilesLimit });
    const started = spawn(command);
    // A script without a #! line is the shell's, as execvp(3) has it.
    const pid =
      started === 'ENOEXEC'
        ? spawn({ path: '/bin/sh', arguments: [command.path, ...command.arguments] })
        : started;
    if (typeof pid === 'string') {
      setImmediate(onEnd, { kind: 'unspawnable', error: pid });
      return undefined;
    }
    function reap(): void {
      const end = spawner.reap(Number(pid));
      if (end === undefined) setTimeout(reap, REAP_AGAIN_MILLISECONDS);
      else onEnd(end);
    }
    // EMFILE and the like: then it is asked after.
    if ('error' in exits.watch(pid, reap)) setTimeout(reap, REAP_AGAIN_MILLISECONDS);
    return pid;
  };
}

function slowStart(openFilesLimit: string | undefined): Start {
  return (wanted, output, onEnd) => {
    const command = scriptCommand(wanted, openFilesLimit, ownProtection());
    const descriptor = output ?? 'ignore';
    let child: ChildProcess;
    try {
      child = spawn(command.path, command.arguments, {
        cwd: '/',
        detached: true,
        env: { ...wanted.inherited, ...wanted.environment },
        stdio: ['ignore', descriptor, descriptor],
      });
    } catch (error) {
      // E2BIG, EMFILE and the like may be thrown instead of emitted.
      setImmediate(onEnd, { kind: 'unspawnable', error: errorCode(error) });
      return undefined;
    }
    whenEnded(child, onEnd);
    return child.pid;
  };
}

function whenEnded(child: ChildProcess, onEnd: (end: ScriptEnd) => void): void {
  let ended = false;
  function once(end: ScriptEnd): void {
    if (ended) return;
    ended = true;
    onEnd(end);
  }
  child.on('error', (error) => once({ kind: 'unspawnable', error: errorCode(error) }));
  child.on('exit', (status, signal) => {
    once(signal === null ? { kind: 'exited', status: status ?? 0 } : { kind: 'signalled', signal });
  });
}
