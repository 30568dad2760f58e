// What a simulated process shows in /proc: stat, cmdline, environ and status as the kernel words them.
import type { SimulatedProcess } from './processes.ts';

const PF_KTHREAD = 0x00200000;

/** Undefined when it is not there or may not be read. */
export function readProc(table: ReadonlyMap<number, SimulatedProcess>, path: string): string | undefined {
  const process = table.get(Number.parseInt(path, 10));
  if (process === undefined) return undefined;
  const isOfThread = path.includes('/task/');
  switch (path.split('/').at(-1)) {
    case 'stat':
      return stat(process);
    case 'cmdline':
      if (process.isUnreadable) return undefined;
      return process.isZombie && !isOfThread ? '' : process.argv.map((word) => `${word}\0`).join('');
    case 'auxv':
      return process.isKernelThread || process.isZombie ? '' : `addresses of ${process.startStack}`;
    case 'environ':
      return Object.entries(process.environment)
        .map(([key, value]) => `${key}=${value}\0`)
        .join('');
    case 'status':
      return `Name:\t${process.comm}\nTgid:\t${process.pid}\nUid:\t${process.uid}\t0\t0\t0\nNSpid:\t${[process.pid, ...Array(process.namespacesBelow).fill(1)].join('\t')}\n`;
    default:
      return undefined;
  }
}

/** proc_pid_stat(5), the fields that psaver reads at their places, 0 for the others. */
function stat(process: SimulatedProcess): string {
  const { pid, comm, ppid, processGroup, session, threads, startTicks, startStack } = process;
  const state = process.isZombie ? 'Z' : 'S';
  const flags = process.isKernelThread ? PF_KTHREAD : 0;
  // One template: simulations spend most of their time here.
  return `${pid} (${comm}) ${state} ${ppid} ${processGroup} ${session} 0 -1 ${flags} 0 0 0 0 0 0 0 0 0 0 ${threads} 0 ${startTicks} 0 0 0 0 0 ${startStack} ${'0 '.repeat(24)}\n`;
}
