// The end of all that pcheck has started, when it ends itself (SPEC 4.12): nothing goes on and starts a service on the
// wrong node.
import { groupsLeft } from '../process/group.ts';
import type { ProcessReader } from '../process/reader.ts';
import type { System } from '../system/types.ts';

const STOP_MILLISECONDS = 1000;
const STOP_POLL_MILLISECONDS = 20;

/**
 * SIGTERM to all these process groups, SIGKILL after a second to those that are left; calls back when that is sent, or
 * nothing of them runs and everything is settled. Groups may be added on the way, by whoever sends them SIGTERM.
 */
export function stopGroups(
  groups: () => ReadonlySet<number>,
  isUnsettled: () => boolean,
  { clock, proc, scripts }: System,
  reader: ProcessReader,
  done: () => void,
): void {
  /** Also those whose leader goes at the SIGTERM, which `groups` does not know any more. */
  const stopped = new Set(groups());
  for (const group of stopped) scripts.kill(-group, 'SIGTERM');
  const killAt = clock.now().monotonic + STOP_MILLISECONDS;
  poll();

  function poll(): void {
    for (const group of groups()) stopped.add(group);
    const left = leftOf(stopped);
    if ((left.size > 0 || isUnsettled()) && clock.now().monotonic < killAt) {
      clock.after(STOP_POLL_MILLISECONDS, poll);
      return;
    }
    for (const group of left) scripts.kill(-group, 'SIGKILL');
    done();
  }

  function leftOf(all: ReadonlySet<number>): ReadonlySet<number> {
    try {
      return groupsLeft(proc, reader, all);
    } catch {
      // EMFILE, ENFILE, ENOMEM, or no /proc: nobody is known to have gone.
      return all;
    }
  }
}
