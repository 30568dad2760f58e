// Scripts that change hands: one that a killed pcheck left running, and one that has become the service. The
// first is found by the token in its environment and followed to its end, although the kernel tells that end
// to nobody but its parent (SPEC 7).
import type { ScriptResult } from '../entry/types.ts';
import type { ProcessReader } from '../process/reader.ts';
import type { ProcessId } from '../process/types.ts';
import type { Clock, ProcTable, System } from '../system/types.ts';
import { scopeOf } from './scope.ts';
import type { RestartScripts } from './scripts.ts';
import { BLIND_RETRY_MILLISECONDS, type Sight } from './sight.ts';
import type { Slot } from './slot.ts';

/** A script that was left running goes on as this pcheck's own; one that has ended meanwhile has ended. */
export function takeOverScript(
  slot: Slot,
  scripts: RestartScripts,
  clock: Clock,
  onScriptEnd: (slot: Slot, run: number, result: ScriptResult) => void,
): void {
  const { key, entry, token } = slot;
  if (entry.phase.is !== 'running') return;
  const { run } = entry.phase;
  const onEnd = (result: ScriptResult) => onScriptEnd(slot, run, result);
  try {
    if (token !== undefined && scripts.takeOver(key, entry, token, onEnd)) return;
  } catch {
    // EMFILE and the like, told by the look at the processes: whether it runs cannot be seen yet.
    clock.after(BLIND_RETRY_MILLISECONDS, () => takeOverScript(slot, scripts, clock, onScriptEnd));
    return;
  }
  clock.after(0, () => onEnd({ outcome: 'unknown', text: 'ended while no pcheck was there to see it' }));
}

/** At the end: a script that has become the service since the last look is no script in progress any more. */
export function releaseServices(
  slots: readonly Slot[],
  sight: Sight,
  scripts: RestartScripts,
  clock: Clock,
): void {
  const running = slots.filter(({ entry }) => entry.phase.is === 'running');
  const scope = scopeOf(running, 'new', false, clock.now().monotonic);
  sight(running, scope)?.forEach(({ matchIsScript }, index) => {
    const slot = running[index];
    if (matchIsScript && slot !== undefined) scripts.release(slot.key);
  });
}

/** The script, not the service that it left behind: that has the token too, but is another program. */
export function findByToken(
  proc: ProcTable,
  reader: ProcessReader,
  token: string,
  path: string,
): ProcessId | undefined {
  const wanted = Buffer.from(`PSAVER_RUN=${token}\0`);
  for (const pid of proc.pids()) {
    const stat = reader.stat(pid);
    if (stat === undefined || stat.session !== pid || !reader.environment(pid)?.includes(wanted)) continue;
    if (reader.commandLine(pid, true)?.argv.includes(path)) return { pid, startTicks: stat.startTicks };
  }
  return undefined;
}

const POLL_MILLISECONDS = 100;

/** Calls back once, when the process is gone. */
export function whenGone(
  system: System,
  reader: ProcessReader,
  process: ProcessId,
  callback: () => void,
): void {
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
