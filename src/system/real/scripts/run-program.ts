// Runs a program from its start to its end, and waits for neither: restart scripts, checks, and what pcheck has others
// do because it might hang. What the end means is the caller's matter.
import { constants } from 'node:os';
import type { Exits, ScriptEnd } from '../../types.ts';
import type { Program, ProgramStarter } from '../libc/start-program.ts';
import { hearOfChildren } from '../signals.ts';

export type RunProgram = (program: Program, on: RunListener) => Run;

export type RunListener = {
  /** Its exec is through. Never for a program that could not be started; and its end may have come already. */
  started?(pid: number): void;
  /** Once, in any case, and last. */
  ended(end: ScriptEnd): void;
};

export type Run = {
  /** 0 until there is a process; known before the exec. */
  pid(): number;
  /** It does not begin any more; one that has begun is not touched. */
  giveUp(): void;
};

/** `exits`: where the kernel tells ends; elsewhere SIGCHLD does. */
export function createRunProgram(programs: ProgramStarter, exits: Exits | undefined): RunProgram {
  /** Asks for the end of those that nothing but SIGCHLD tells. */
  const untold = new Set<() => void>();
  hearOfChildren(() => {
    for (const reap of untold) reap();
  });
  return (program, on) =>
    programs.start(program, (start) => {
      if ('error' in start) {
        on.ended({ kind: 'unspawnable', error: start.error });
        return;
      }
      const { pid } = start;
      function reap(): void {
        const status = programs.reap(pid);
        if (status === undefined) {
          untold.add(reap);
          return;
        }
        untold.delete(reap);
        on.ended(status === 'unknown' ? { kind: 'unknown' } : endOf(status));
      }
      const watch = exits?.watch(pid, reap);
      on.started?.(pid);
      // EMFILE and the like.
      if (watch === undefined || 'error' in watch) reap();
    });
}

/** A status of wait(2). */
function endOf(status: number): ScriptEnd {
  const number = status & 0x7f;
  if (number === 0) return { kind: 'exited', status: (status >> 8) & 0xff };
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return { kind: 'signalled', signal: name ?? `signal ${number}` };
}
