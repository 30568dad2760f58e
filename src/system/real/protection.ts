// What an administrator may have given pcheck for itself: a higher priority, protection from the OOM killer.
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import type { Protection } from '../types.ts';

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
