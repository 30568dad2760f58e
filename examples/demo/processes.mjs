// The processes that belong to the demo, whoever started them: they inherit a word in their environment that
// no other process has, so nothing is ever ended by its name.
import { readdirSync, readFileSync } from 'node:fs';

export function markedPids(mark) {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && environmentOf(pid).includes(mark));
}

/** Empty for a zombie, as for a process that has gone. */
function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // ENOENT, ESRCH: gone. EACCES: another user's.
    return [];
  }
}

export function killQuietly(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // ESRCH: it was faster.
  }
}
