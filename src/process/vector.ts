// The auxiliary vector of a process (proc_pid_auxv(5)): an exec draws new addresses for it, nothing else changes it, and
// the kernel shows it for half the cost of a stat record, without the lock that a command line takes.
import type { ProcTable } from '../system/types.ts';
import { hashWords } from './hash.ts';

const BYTES = 1024;
/** Entries of two words each (getauxval(3)); of the second one, the value, these four bytes tell enough. */
const ENTRY_BYTES = 16;
const VALUE_OFFSET = 8;

/** Its hash; 0 when there is none, or it may not be read. */
export function createVectorReader(proc: ProcTable): (pid: number) => number {
  const bytes = Buffer.alloc(BYTES);
  return (pid) => {
    const length = proc.readOfProcess(pid, 'auxv', bytes);
    return length <= 0 ? 0 : hashWords(bytes, VALUE_OFFSET, length, ENTRY_BYTES, length);
  };
}
