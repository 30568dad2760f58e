// Processes of the bench that nobody has ended: all that is below its reaper, but for the bench itself. They
// are told by their parent and not by a list of pids, since a pid of the list may be somebody else's by now.
import { readdirSync, readFileSync } from 'node:fs';
import { stateOf } from './process-cost.mjs';
import { delay } from './waiting.mjs';

const PATIENCE_MILLISECONDS = 10_000;

/** Ends them all, also those that are started meanwhile. Throws when one cannot be ended. */
export async function endLeftOver() {
  const end = performance.now() + PATIENCE_MILLISECONDS;
  for (let left = leftOver(); left.length > 0; left = leftOver()) {
    if (performance.now() > end)
      throw new Error(
        `not even SIGKILL ends ${left.map((pid) => `pid ${pid} (${stateOf(pid)})`).join(', ')}`,
      );
    for (const pid of left) kill(pid);
    await delay(5);
  }
}

/** SIGKILL to those of `pids` that are still the bench's. */
export function endOwn(pids) {
  const own = new Set(leftOver());
  for (const pid of pids) if (own.has(pid)) kill(pid);
}

function leftOver() {
  return [...childrenOf(process.pid), ...childrenOf(process.ppid).filter((pid) => pid !== process.pid)];
}

function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // ESRCH: it has ended.
  }
}
