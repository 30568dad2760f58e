// Whether this pcheck is told of deaths by the kernel, or looks for them at every MONITOR_INTERVAL: decided once, at
// the start, and said in one line of the log where it has to look.
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import { type CreateDeathWatch, createEventWatch, createPollingWatch } from '../process/death-watch.ts';
import { createProcessReader } from '../process/reader.ts';
import { errorCode } from '../system/errors.ts';
import type { Kernel } from '../system/real/kernel.ts';
import { createRealProc } from '../system/real/proc.ts';
import { testExits } from '../system/real/self-test.ts';
import { realSystem } from '../system/real/system.ts';
import type { Exits } from '../system/types.ts';

export type Events = {
  /** Undefined where ends are not told. */
  readonly exits: Exits | undefined;
  readonly createDeathWatch: CreateDeathWatch;
};

/** The environment's PSAVER_EVENTS=off asks for polling. */
export async function openEvents(kernel: Kernel, log: Log): Promise<Events> {
  const { exits, reason } = await openExits(kernel);
  if (exits === undefined) {
    log.write(message('noEvents', { reason }));
    return { exits, createDeathWatch: createPollingWatch };
  }
  let told: string | undefined;
  const reader = createProcessReader(createRealProc(kernel));
  const createDeathWatch = createEventWatch(exits, reader, (error) => {
    if (error !== told) log.write(message('unwatchable', { error }));
    told = error;
  });
  return { exits, createDeathWatch };
}

async function openExits(
  kernel: Kernel,
): Promise<{ exits: Exits; reason: '' } | { exits: undefined; reason: string }> {
  if (realSystem.environment['PSAVER_EVENTS'] === 'off') {
    return { exits: undefined, reason: 'PSAVER_EVENTS is off' };
  }
  try {
    const exits = kernel.openExits();
    const reason = await testExits(exits);
    if (reason === undefined) return { exits, reason: '' };
    exits.close();
    return { exits: undefined, reason };
  } catch (error) {
    return { exits: undefined, reason: errorCode(error) };
  }
}
