// The auxiliary vector of a process (proc_pid_auxv(5)): an exec draws new addresses for it, nothing else changes it, and
// the kernel shows it for half the cost of a stat record, without the lock that a command line takes.
import type { ProcTable } from '../system/types.ts';

const BYTES = 1024;
/** Entries of two words each (getauxval(3)); of the second one, the value, these four bytes tell enough. */
const ENTRY_BYTES = 16;
const VALUE_OFFSET = 8;

/** Its hash; 0 when there is none, or it may not be read. */
export function createVectorReader(proc: ProcTable): (pid: number) => number {
  const bytes = Buffer.alloc(BYTES);
  return (pid) => {
    const length = proc.readOfProcess(pid, 'auxv', bytes);
    if (length <= 0) return 0;
    let hash = length;
    for (let at = VALUE_OFFSET; at < length; at += ENTRY_BYTES) {
      const value =
        (bytes[at] ?? 0) |
        ((bytes[at + 1] ?? 0) << 8) |
        ((bytes[at + 2] ?? 0) << 16) |
        ((bytes[at + 3] ?? 0) << 24);
      hash = Math.imul(hash ^ value, 0x01000193);
    }
    return hash;
  };
}
