// Reads the pfile again for a running pcheck: a bad one changes nothing (SPEC 4.11, 6).
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { Monitor } from '../monitor/types.ts';
import type { Pfile } from '../pfile/types.ts';
import { realSystem } from '../system/real/system.ts';
import { EXIT, ExitError } from './exit.ts';
import { loadPfile } from './load-pfile.ts';
import type { ServiceManager } from './sd-notify.ts';

/** `text` is for the one who asked; `status` is padmin's where nothing has changed. */
export type ReloadAnswer = { readonly text: string } | { readonly status: number; readonly text: string };

type ServiceManagerNews = Pick<ServiceManager, 'reloading' | 'reloaded'> | undefined;

export function createReload(
  first: Pfile,
  monitor: Monitor,
  serviceManager: ServiceManagerNews,
  log: Log,
): { current(): Pfile; reload(): ReloadAnswer } {
  let current = first;

  function reload(): ReloadAnswer {
    serviceManager?.reloading();
    try {
      const { pfile, warnings, messages } = loadPfile(current.path, realSystem.files);
      refuseOtherIdentity(current, pfile);
      current = pfile;
      const { kept, added, removed } = monitor.reload(pfile);
      for (const warning of messages) log.write(warning);
      return { text: [...warnings, `${kept} entries kept, ${added} added, ${removed} removed`].join('\n') };
    } catch (error) {
      if (!(error instanceof ExitError)) throw error;
      log.write(message('reloadRefused', { reason: error.summary }));
      return { status: error.status, text: `${error.message}\nnothing has changed` };
    } finally {
      serviceManager?.reloaded();
    }
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
