// For how long the thread of the loop was ready to run and had no CPU (the second number of /proc/PID/schedstat,
// Documentation/scheduler/sched-stats.rst of the kernel).
import { openSync, readSync } from 'node:fs';

const SCHEDSTAT_BYTES = 128;
const NANOSECONDS = 1e6;

/** Milliseconds so far; always 0 where the kernel does not count them. */
export function createCpuWait(): () => number {
  const descriptor = openOwn();
  const bytes = Buffer.alloc(SCHEDSTAT_BYTES);
  if (descriptor === undefined) return () => 0;
  return () => {
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    return Number(bytes.toString('latin1', 0, length).split(' ')[1] ?? 0) / NANOSECONDS;
  };
}

function openOwn(): number | undefined {
  try {
    return openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    // A kernel without CONFIG_SCHED_INFO, or before 3.17.
    return undefined;
  }
}
