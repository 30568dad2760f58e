// What a running process costs, from /proc.
import { readdirSync, readFileSync } from 'node:fs';
import { delay } from './waiting.mjs';

/** After a minute and a quarter every process has been read, and what the start took was given back. */
const SETTLE_SHARE = 1.25;

/** Of one core, while nothing happens for `stage.seconds`, once all have settled. */
export async function idlePercents(stage, pids) {
  await delay(SETTLE_SHARE * stage.seconds * 1000);
  const before = pids.map(cpuNanoseconds);
  const begin = performance.now();
  await delay(stage.seconds * 1000);
  const nanoseconds = (performance.now() - begin) * 1e6;
  return pids.map((pid, at) => {
    const own = Number(cpuNanoseconds(pid) - before[at]);
    // Something holds it up, or --seconds is shorter than MONITOR_INTERVAL.
    if (own === 0) throw new Error(`pid ${pid} did not run at all in ${stage.seconds} s (${stateOf(pid)})`);
    return (own / nanoseconds) * 100;
  });
}

/** Whether it runs, or where in the kernel it waits. */
export function stateOf(pid) {
  try {
    const [, state] = /^State:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return `${state}, ${readFileSync(`/proc/${pid}/wchan`, 'utf8')}`;
  } catch {
    // ENOENT, ESRCH: it has ended. EACCES: it is not ours.
    return 'unknown state';
  }
}

/** CPU time of all its threads; what it started is not in it. */
export function cpuNanoseconds(pid) {
  let sum = 0n;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    sum += BigInt(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return sum;
}

/**
 * `private` is what only this process has: its own written pages. File pages of Node are the same for all.
 */
export function memoryKib(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const value = (key) => Number(new RegExp(`^${key}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { rss: value('Rss'), private: value('Private_Dirty') };
}
