// How the descriptors that this process may have are shared out: what is kept open for long must leave enough for
// /proc, sockets and starts, or a pcheck of very many entries would be blind for ever.
import { readFileSync } from 'node:fs';

const RESERVED = 64;
const SHARES = { outputs: 1 / 4, ends: 3 / 4 } as const;

/** `outputs`: files that scripts write to. `ends`: processes whose end the kernel tells. */
export function descriptorsFor(purpose: keyof typeof SHARES, limit = softLimit()): number {
  return Math.max(0, Math.floor((limit - RESERVED) * SHARES[purpose]));
}

/** getrlimit(2), RLIMIT_NOFILE, as it is now. */
function softLimit(): number {
  try {
    const soft = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    // No /proc, or no descriptor left: then nothing is kept open.
    return 0;
  }
}
