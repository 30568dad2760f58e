// Reads the pfile again for a running pcheck: a bad one changes nothing (SPEC 4.11, 6).
import { ENDING, type ReloadAnswer } from '../control/server.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { Monitor } from '../monitor/types.ts';
import type { Pfile } from '../pfile/types.ts';
import type { Ending } from './ending.ts';
import { EXIT, ExitError } from './exit.ts';
import type { LoadedPfile } from './load-pfile.ts';
import type { ServiceManager } from './sd-notify.ts';

export type ReloadParts = {
  readonly monitor: Pick<Monitor, 'reload' | 'whenLooked'>;
  readonly serviceManager: Pick<ServiceManager, 'reloading' | 'reloaded'> | undefined;
  readonly log: Log;
  readonly ending: Pick<Ending, 'isDecided' | 'decided'>;
  /** May take seconds: what it asks may hang. */
  read(path: string): Promise<LoadedPfile>;
};

export type Reloading = {
  current(): Pfile;
  /** One at a time: who asks while the pfile is being read gets the answer of one more reading, since the file may have changed. */
  reload(): Promise<ReloadAnswer>;
};

export function createReload(first: Pfile, parts: ReloadParts): Reloading {
  const { monitor, serviceManager, log, ending, read } = parts;
  let current = first;
  let running: Promise<ReloadAnswer> | undefined;
  let next: Promise<ReloadAnswer> | undefined;

  function reload(): Promise<ReloadAnswer> {
    if (next !== undefined) return next;
    if (running === undefined) return begin();
    next = running.then(begin);
    return next;
  }

  function begin(): Promise<ReloadAnswer> {
    next = undefined;
    running = readAgain().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function readAgain(): Promise<ReloadAnswer> {
    if (ending.isDecided()) return ENDING;
    serviceManager?.reloading();
    try {
      const loaded = await Promise.race([read(current.path), ending.decided]);
      // Nothing is changed any more, whatever is read from now on.
      if (typeof loaded === 'number' || ending.isDecided()) return ENDING;
      const answer = takeOver(loaded);
      await Promise.race([new Promise<void>(monitor.whenLooked), ending.decided]);
      return answer;
    } catch (error) {
      if (!(error instanceof ExitError)) throw error;
      log.write(message('reloadRefused', { reason: error.summary }));
      return { status: error.status, text: `${error.message}\nnothing has changed` };
    } finally {
      if (!ending.isDecided()) serviceManager?.reloaded();
    }
  }

  function takeOver({ pfile, warnings, messages }: LoadedPfile): ReloadAnswer {
    refuseOtherIdentity(current, pfile);
    current = pfile;
    const { kept, added, removed } = monitor.reload(pfile);
    for (const warning of messages) log.write(warning);
    return { text: [...warnings, `${kept} entries kept, ${added} added, ${removed} removed`].join('\n') };
  }

  return { current: () => current, reload };
}

function refuseOtherIdentity({ parameters: old }: Pfile, { path, parameters }: Pfile): void {
  const changed = [
    ...(old.ipckey === parameters.ipckey ? [] : ['IPCKEY']),
    ...(old.shmDumpFile === parameters.shmDumpFile ? [] : ['SHM_DUMP_FILE']),
  ];
  if (changed.length === 0) return;
  const what = changed.join(' and ');
  throw new ExitError(
    EXIT.badPfile,
    `${path}: ${what} cannot change by a reload: end pcheck and start it again`,
  );
}
