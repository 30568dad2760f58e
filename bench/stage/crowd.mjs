// Many small processes: the services that are watched, and what else runs on the machine.
import { execFileSync } from 'node:child_process';
import { endOwn } from './left-over.mjs';

/** Starts them; name → pid. `kind`: what their command lines are like (bench/floor/command-line.h). */
export function startCrowd(stage, prefix, count, kind = 'plain') {
  const { crowd, service } = stage.tools;
  const words = [service, prefix, String(count), kind];
  const pids = execFileSync(crowd, words, { encoding: 'utf8', maxBuffer: 1 << 24 })
    .trim()
    .split('\n')
    .map(Number);
  const named = new Map(pids.map((pid, index) => [nameOf(prefix, index), pid]));
  return {
    pids: named,
    end: () => endOwn(named.values()),
  };
}

export function nameOf(prefix, index) {
  return `${prefix}${String(index).padStart(5, '0')}`;
}
