// Whether this pcheck is told of deaths by the kernel, or looks for them at every MONITOR_INTERVAL: decided once, at
// the start, and said in one line of the log where it has to look.
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import { type CreateDeathWatch, createEventWatch, createPollingWatch } from '../process/death-watch.ts';
import { createProcessReader } from '../process/reader.ts';
import { errorCode } from '../system/errors.ts';
import type { Kernel } from '../system/real/kernel.ts';
import { testForks } from '../system/real/proc/fork-self-test.ts';
import { createRealProc } from '../system/real/proc/proc.ts';
import { realSystem } from '../system/real/system.ts';
import type { Exits } from '../system/types.ts';

export type Events = {
  /** Undefined where ends are not told. */
  readonly exits: Exits | undefined;
  readonly createDeathWatch: CreateDeathWatch;
  /** Whether /proc/loadavg tells the last pid of this namespace. */
  readonly isLastPidTrue: boolean;
};

/** The environment's PSAVER_EVENTS=off asks for polling. */
export async function openEvents(kernel: Kernel, log: Log): Promise<Events> {
  const { exits, reason, isLastPidTrue } = await openExits(kernel);
  if (exits === undefined) {
    log.write(message('noEvents', { reason }));
    return { exits, createDeathWatch: createPollingWatch, isLastPidTrue };
  }
  let told: string | undefined;
  const reader = createProcessReader(createRealProc(kernel));
  const createDeathWatch = createEventWatch(exits, reader, (error) => {
    if (error !== told) log.write(message('unwatchable', { error }));
    told = error;
  });
  return { exits, createDeathWatch, isLastPidTrue };
}

type Opened = { readonly isLastPidTrue: boolean } & (
  | { readonly exits: Exits; readonly reason: '' }
  | { readonly exits: undefined; readonly reason: string }
);

async function openExits(kernel: Kernel): Promise<Opened> {
  const opened = kernelExits(kernel);
  const { exitsReason, isLastPidTrue } = await testForks(kernel.programs, opened.exits);
  if (opened.exits === undefined) return { ...opened, isLastPidTrue };
  if (exitsReason === undefined) return { exits: opened.exits, reason: '', isLastPidTrue };
  opened.exits.close();
  return { exits: undefined, reason: exitsReason, isLastPidTrue };
}

function kernelExits({ openExits }: Kernel) {
  if (realSystem.environment['PSAVER_EVENTS'] === 'off') {
    return { exits: undefined, reason: 'PSAVER_EVENTS is off' };
  }
  try {
    return { exits: openExits() };
  } catch (error) {
    return { exits: undefined, reason: errorCode(error) };
  }
}
