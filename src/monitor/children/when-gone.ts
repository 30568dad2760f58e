// The end of a process that is no child of this pcheck: its status the kernel tells to nobody but its parent.
import type { ProcessReader } from '../../process/reader.ts';
import type { ProcessId } from '../../process/types.ts';
import type { System } from '../../system/types.ts';

const POLL_MILLISECONDS = 100;

/** Calls back once, later, when the process is gone; soon when there is none. */
export function whenGone(
  system: System,
  reader: ProcessReader,
  process: ProcessId | undefined,
  callback: () => void,
): void {
  if (process === undefined) {
    system.clock.after(0, callback);
    return;
  }
  const watch = system.exits?.watch(process.pid, callback);
  if (watch === undefined || 'error' in watch) poll(system, reader, process, callback);
}

function poll(system: System, reader: ProcessReader, process: ProcessId, callback: () => void): void {
  system.clock.after(POLL_MILLISECONDS, () => {
    if (isGone(reader, process)) callback();
    else poll(system, reader, process, callback);
  });
}

function isGone(reader: ProcessReader, process: ProcessId): boolean {
  try {
    return reader.stat(process.pid)?.startTicks !== process.startTicks;
  } catch {
    // EMFILE and the like: nobody has gone because /proc cannot be read.
    return false;
  }
}
