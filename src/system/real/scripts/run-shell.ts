// Has short texts of the shell run in children, for what pcheck itself must not wait for: whoever writes to a disk that
// is stuck cannot be ended by any signal. Such a child is left behind.
import { closeSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../../errors.ts';
import type { ScriptEnd } from '../../types.ts';
import type { PlainCalls } from '../libc/plain-calls.ts';
import type { Run, RunProgram } from './run-program.ts';

export type ShellTask = {
  readonly text: string;
  /** `$1` and so on. */
  readonly words: readonly string[];
  /** /dev/null where none is given. */
  readonly stdin?: number | undefined;
  /** `/` where none is given. */
  readonly directory?: number | undefined;
  /** Called once, when neither descriptor is needed any more; never while its start hangs. */
  release?(): void;
};

export type ShellListener = {
  /** It needs nothing of pcheck any more. Not when it could not be started; after `ended` where it is very short. */
  started?(): void;
  /** Once: what it complained of, or undefined when all is well. */
  ended(error: string | undefined): void;
};

export type RunShell = (task: ShellTask, on: ShellListener) => Run;

const SHELL = '/bin/sh';
const COMPLAINT_BYTES = 300;

export function createRunShell(
  runProgram: RunProgram,
  { memoryFile }: Pick<PlainCalls, 'memoryFile'>,
): RunShell {
  const nowhere = openSync('/dev/null', 'r+');
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) inherited[name] = value;
  const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
  for (const name of Object.keys(environment)) delete inherited[name];
  return ({ text, words, stdin, directory, release }, on) => {
    let complaint: number;
    try {
      complaint = memoryFile('complaint');
    } catch (error) {
      // EMFILE, ENOMEM.
      setImmediate(() => {
        release?.();
        on.ended(errorCode(error));
      });
      return { pid: () => 0, giveUp: () => undefined };
    }
    let held = release;
    function letGo(): void {
      held?.();
      held = undefined;
    }
    const program = { path: SHELL, arguments: ['-c', text, SHELL, ...words], environment, inherited };
    return runProgram(
      { ...program, stdin, stdout: nowhere, stderr: complaint, directory },
      {
        started() {
          letGo();
          on.started?.();
        },
        ended(end) {
          letGo();
          const said = readAll(complaint);
          closeSync(complaint);
          on.ended(problemOf(end, said));
        },
      },
    );
  };
}

function readAll(descriptor: number): string {
  const bytes = Buffer.alloc(COMPLAINT_BYTES);
  return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, bytes.length, 0)).trim();
}

function problemOf(end: ScriptEnd, complaint: string): string | undefined {
  switch (end.kind) {
    case 'exited':
      return end.status === 0 ? undefined : complaint || `status ${end.status}`;
    case 'signalled':
      return end.signal;
    case 'unspawnable':
      return end.error;
    case 'unknown':
      return complaint || undefined;
    default:
      return end satisfies never;
  }
}
