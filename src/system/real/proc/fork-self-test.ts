// What this machine really tells of processes, asked with children of our own: a kernel, a sandbox or a Node may have
// every call and still never call back, and a container may show another /proc/loadavg.
import type { Exits } from '../../types.ts';
import type { Program, ProgramStarter } from '../libc/start-program.ts';
import { type SeenFork, seesForks } from './new-pids.ts';
import { lastPid } from './proc.ts';

export type ForkTest = {
  /** Why the ends of processes are not told; undefined when they are. */
  readonly exitsReason: string | undefined;
  readonly isLastPidTrue: boolean;
};

const TIMEOUT_MILLISECONDS = 1000;
const REAP_MILLISECONDS = 20;

/** Never rejects. `exits`: undefined where nothing is to be told. */
export async function testForks(
  programs: ProgramStarter,
  exits: Pick<Exits, 'watch'> | undefined,
): Promise<ForkTest> {
  const first = await testFork(programs, exits);
  const second = await testFork(programs, exits);
  const forks = [first.fork, second.fork].filter((fork) => fork !== undefined);
  return {
    exitsReason: first.exitsReason ?? second.exitsReason,
    isLastPidTrue: forks.length === 2 && seesForks(forks),
  };
}

type Seen = { readonly fork: SeenFork | undefined; readonly exitsReason: string | undefined };

function testFork(programs: ProgramStarter, exits: Pick<Exits, 'watch'> | undefined): Promise<Seen> {
  return new Promise((resolve) => {
    const before = lastPidOrNone();
    let fork: SeenFork | undefined;
    const timer = setTimeout(end, TIMEOUT_MILLISECONDS, 'the end of a child was not told in time');
    const start = programs.start(CHILD, (started) => {
      if ('error' in started) {
        end(started.error);
        return;
      }
      const { pid } = started;
      fork = { before, pid, after: lastPidOrNone() };
      // It has ended, or does so now; until it is reaped its end can be told.
      const watch = exits?.watch(pid, () => end(undefined));
      if (watch === undefined || 'error' in watch) end(watch && `pidfd_open: ${watch.error}`);
      reap(programs, pid);
    });

    function end(exitsReason: string | undefined): void {
      clearTimeout(timer);
      start.giveUp();
      resolve({ fork, exitsReason });
    }
  });
}

const CHILD: Program = { path: '/bin/sh', arguments: ['-c', ':'], environment: {}, inherited: {} };

function reap(programs: ProgramStarter, pid: number): void {
  setTimeout(() => {
    if (programs.reap(pid) === undefined) reap(programs, pid);
  }, REAP_MILLISECONDS);
}

/** What no fork can move, where it cannot be read. */
function lastPidOrNone(): number {
  try {
    return lastPid();
  } catch {
    // No /proc, or no descriptor left: the look at the processes tells.
    return Number.NaN;
  }
}
