// Command lines and files of a simulated world, whose answers come when the world lets them: at once, late, or never.
import { type CommandLines, HEAD_BYTES, type Lookups } from '../types.ts';
import type { SimulatedProcesses } from './processes.ts';

/** Hands out an answer about a process or a path, now, later or never. */
export type Deliver = (answer: () => void, of: number | string) => void;

export function simulatedCommandLines(proc: SimulatedProcesses, deliver: Deliver): CommandLines {
  const bytes = Buffer.alloc(1024 * 1024);

  function lineOf(pid: number, task: number | undefined): Buffer | undefined {
    if (proc.failure !== undefined) return undefined;
    const length = proc.read(task === undefined ? `${pid}/cmdline` : `${pid}/task/${task}/cmdline`, bytes);
    return length < 0 ? undefined : bytes.subarray(0, length);
  }

  return {
    readHead: (pid, task, onAnswer) =>
      deliver(() => void onAnswer(lineOf(pid, task)?.subarray(0, HEAD_BYTES)), pid),
    search: (pid, task, strings, onAnswer) =>
      deliver(() => {
        const joined = lineOf(pid, task)?.toString('latin1').replaceAll('\0', ' ').trimEnd();
        onAnswer(
          joined === undefined ? undefined : strings.map((text) => joined.includes(text.toString('latin1'))),
        );
      }, pid),
    flush: () => undefined,
  };
}

/** A link is written as `-> target`. */
export function simulatedLookups(disk: ReadonlyMap<string, string>, deliver: Deliver): Lookups {
  function resolve(path: string): string | undefined {
    const content = disk.get(path);
    return content?.startsWith('-> ') ? resolve(content.slice(3)) : content === undefined ? undefined : path;
  }
  return {
    resolve: (path, onAnswer) => deliver(() => void onAnswer(resolve(path)), path),
    readHead: (path, bytes, onAnswer) =>
      deliver(() => void onAnswer(disk.get(resolve(path) ?? path)?.slice(0, bytes)), path),
  };
}
