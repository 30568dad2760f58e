// A pfile with one entry, for tests of what surrounds its restart script.
import { copyFileSync, mkdirSync } from 'node:fs';
import type { Workspace } from './workspace.ts';

/**
 * The service is a copy of sleep(1) in the workspace, as in the scenarios; its script has this text. The dump
 * file lies in `out/`. `options` begin with RETRY.
 */
export function oneEntry(
  { folder, ipckey, path, write }: Workspace,
  script: string,
  options: string,
  intervalSeconds = 0.3,
): string {
  copyFileSync('/bin/sleep', path('service'));
  write('start.sh', `#!/bin/sh\n${script}\n`, 0o755);
  mkdirSync(path('out'));
  const lines = [
    `IPCKEY ${ipckey}`,
    `MONITOR_INTERVAL ${intervalSeconds}`,
    `SHM_DUMP_FILE ${path('out/dump')}`,
    `${folder}/service:${folder}/start.sh:86400:${options}`,
  ];
  return write('pfile', `${lines.join('\n')}\n`);
}

/** As a script: starts the service in the background and ends. */
export const STARTS_SERVICE = '"$(dirname "$0")"/service 86400 &';
