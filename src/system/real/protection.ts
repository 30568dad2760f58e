// What an administrator may have given pcheck for itself: a higher priority, protection from the OOM killer.
import { openSync, readSync } from 'node:fs';
import { getPriority } from 'node:os';

/** As of now: getpriority(2), proc_pid_oom_score_adj(5). */
export type Protection = {
  readonly nice: number;
  readonly oomScoreAdj: number;
};

export function ownProtection(): Protection {
  return { nice: getPriority(), oomScoreAdj: ownOomScoreAdj() };
}

const bytes = Buffer.alloc(16);
/** Kept open: it is asked for between a death and its restart. */
let descriptor: number | undefined;

function ownOomScoreAdj(): number {
  try {
    descriptor ??= openSync('/proc/self/oom_score_adj', 'r');
    return Number(bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, bytes.length, 0)));
  } catch {
    // EMFILE, or a /proc without it: then nothing is known to be given back.
    return 0;
  }
}
