// Paths of /proc/PID and /proc/PID/task/TASK in memory that a call list has: thousands of them, without strings.
import { putDigits } from '../digits.ts';

/** Enough for any of them. */
export const PATH_BYTES = 64;

export type PutProcessPath = (into: Buffer, pid: number, task: number | undefined) => void;

/** `folder`: where /proc is mounted; `name`: the file of a process. */
export function createProcessPaths(folder: string, name: string): PutProcessPath {
  const [begin, task, end] = [`${folder}/`, '/task/', `/${name}\0`].map((part) => Buffer.from(part)) as Parts;
  return (into, pid, taskId) => {
    let at = putDigits(into, begin.copy(into), pid);
    if (taskId !== undefined) {
      at += task.copy(into, at);
      at = putDigits(into, at, taskId);
    }
    end.copy(into, at);
  };
}

/** As many as are taken apart. */
type Parts = [Buffer, Buffer, Buffer];
