// What an administrator may have given pcheck for itself: a higher priority, protection from the OOM killer.
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';

/** As of now: getpriority(2), proc_pid_oom_score_adj(5). */
export type Protection = {
  readonly nice: number;
  readonly oomScoreAdj: number;
};

export function ownProtection(): Protection {
  return { nice: getPriority(), oomScoreAdj: ownOomScoreAdj() };
}

function ownOomScoreAdj(): number {
  try {
    return Number(readFileSync('/proc/self/oom_score_adj', 'latin1'));
  } catch {
    // EMFILE, or a /proc without it: then nothing is known to be given back.
    return 0;
  }
}
