// Many small processes: the services that are watched, and what else runs on the machine.
import { execFileSync } from 'node:child_process';

/** Starts them; name → pid. Whoever reaps ends them with the bench; `end` does it sooner. */
export function startCrowd(stage, prefix, count) {
  const { crowd, service } = stage.tools;
  const pids = execFileSync(crowd, [service, prefix, String(count)], { encoding: 'utf8', maxBuffer: 1 << 24 })
    .trim()
    .split('\n')
    .map(Number);
  const named = new Map(pids.map((pid, index) => [nameOf(prefix, index), pid]));
  return {
    pids: named,
    end: () => endAll(named.values()),
  };
}

export function nameOf(prefix, index) {
  return `${prefix}${String(index).padStart(5, '0')}`;
}

export function endAll(pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // ESRCH: it was killed before.
    }
  }
}
