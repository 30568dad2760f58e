// What a running process costs, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** CPU time of all its threads; what it started is not in it. */
export function cpuNanoseconds(pid) {
  let sum = 0n;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    sum += BigInt(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
  }
  return sum;
}

/** `private` is what only this process has: its own written pages. File pages of Node are the same for all. */
export function memoryKib(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const value = (key) => Number(new RegExp(`^${key}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { rss: value('Rss'), private: value('Private_Dirty') };
}
