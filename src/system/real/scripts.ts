// Starts restart scripts and sends signals. A script gets a session of its own, no descriptor but its three,
// and a file (never a pipe) for its output: the service that it leaves behind inherits it (SPEC 4).
import { type ChildProcess, spawn } from 'node:child_process';
import { errorCode } from '../errors.ts';
import type { ScriptEnd, Scripts } from '../types.ts';
import type { RealOutputs } from './outputs.ts';

export function createRealScripts(outputs: RealOutputs): Scripts {
  return {
    spawn(command, onEnd) {
      const output = outputs.descriptor(command.outputFile);
      const [descriptor, outputError] =
        typeof output === 'number' ? [output, undefined] : ['ignore' as const, output.error];
      let child: ChildProcess;
      try {
        child = spawn(command.path, command.arguments, {
          cwd: '/',
          detached: true,
          env: command.environment,
          stdio: ['ignore', descriptor, descriptor],
        });
      } catch (error) {
        // E2BIG, EMFILE and the like may be thrown instead of emitted.
        setImmediate(onEnd, { kind: 'unspawnable', error: errorCode(error) });
        return { pid: undefined, outputError };
      }
      whenEnded(child, onEnd);
      return { pid: child.pid, outputError };
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
