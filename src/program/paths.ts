// Where the pcheck of an IPCKEY is asked, and keeps its record.
import { formatIpckey } from '../control/question.ts';
import { runtimeDirectory } from '../system/real/runtime-directory.ts';

export function socketPath(ipckey: number): string {
  return `${runtimeDirectory()}/${formatIpckey(ipckey)}.sock`;
}

export function recordPath(ipckey: number): string {
  return `${runtimeDirectory()}/${formatIpckey(ipckey)}.state`;
}
