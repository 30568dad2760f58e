// Starts restart scripts and sends signals. A script gets a session of its own, no descriptor but its three, nothing
// that raises pcheck above others, and a file (never a pipe) for its output: the service that it leaves behind inherits
// it (SPEC 4). Nothing here waits: libc/start-program.ts.
import { closeSync, openSync } from 'node:fs';
import { errorCode } from '../errors.ts';
import type { ScriptCommand, ScriptEnd, ScriptListener, Scripts } from '../types.ts';
import type { OwnLimits } from './libc/child-calls.ts';
import type { CloseAside } from './libc/close-aside.ts';
import type { Failed } from './libc/in-thread.ts';
import { errnoName } from './libc/koffi.ts';
import { createLanes } from './libc/lanes.ts';
import type { PlainCalls } from './libc/plain-calls.ts';
import type { RealOutputs } from './outputs.ts';
import type { Run, RunProgram } from './scripts/run-program.ts';

export type DescriptorCalls = Pick<PlainCalls, 'duplicate'> & { readonly closeAside: CloseAside };

/** Each takes a few descriptors; more begin where some take long. */
const STARTS_AT_ONCE = 8;
const CANCELED: ScriptEnd = { kind: 'unspawnable', error: 'ECANCELED' };

export function createRealScripts(
  outputs: Pick<RealOutputs, 'use'>,
  runProgram: RunProgram,
  { duplicate, closeAside }: DescriptorCalls,
  openFilesLimit = process.env['PSAVER_NOFILE'],
): Scripts {
  const nowhere = openSync('/dev/null', 'r+');
  const limits = limitsOf(openFilesLimit);
  const lanes = createLanes(STARTS_AT_ONCE);

  /** Its own for as long as the start may take: the file may be closed meanwhile. */
  function ownOf(output: number | Failed): { readonly own: number } | Failed {
    if (typeof output !== 'number') return output;
    const own = duplicate(output);
    return own < 0 ? { error: errnoName(-own) } : { own };
  }

  function startWith(
    output: { readonly own: number } | Failed,
    isKept: boolean,
    command: ScriptCommand,
    on: ScriptListener,
  ): Run {
    if ('error' in output) on.outputLost(output.error);
    const descriptor = 'own' in output ? output.own : nowhere;
    let isHeld = 'own' in output;
    function close(): void {
      if (isHeld && isKept) closeSync(descriptor);
      else if (isHeld) closeAside(descriptor);
      isHeld = false;
    }
    const program = { ...command, stdin: nowhere, stdout: descriptor, stderr: descriptor, limits };
    return runProgram(program, {
      started(pid) {
        close();
        on.started(pid);
      },
      ended(end) {
        close();
        on.ended(end);
      },
    });
  }

  return {
    start(command, on) {
      let run: Run | undefined;
      let isGivenUp = false;
      lanes.run({
        hangs: () => true,
        begin(done) {
          const told: ScriptListener = {
            outputLost: on.outputLost,
            started(pid) {
              done();
              on.started(pid);
            },
            ended(end) {
              done();
              on.ended(end);
            },
          };
          if (isGivenUp) setImmediate(told.ended, CANCELED);
          else
            outputs.use(command.outputFile, (output, isKept) => {
              if (isGivenUp) told.ended(CANCELED);
              else run = startWith(ownOf(output), isKept, command, told);
            });
        },
      });
      return {
        pid: () => run?.pid() ?? 0,
        giveUp() {
          isGivenUp = true;
          run?.giveUp();
        },
      };
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

/** `ulimit -S -n` of pcheck's own start, before Node raised it; not that of a program that was started without bin/pcheck. */
function limitsOf(openFilesLimit: string | undefined): OwnLimits {
  const priority = 'ordinary';
  if (openFilesLimit === 'unlimited') return { priority, openFiles: -1 };
  return /^\d+$/.test(openFilesLimit ?? '') ? { priority, openFiles: Number(openFilesLimit) } : { priority };
}
