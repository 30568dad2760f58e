// Where the pcheck of an IPCKEY is asked, keeps its record, and writes its verdict.
import { formatIpckey } from '../control/question.ts';
import { publicDirectory, runtimeDirectory } from '../system/real/runtime-directory.ts';

export function socketPath(ipckey: number): string {
  return `${runtimeDirectory()}/${formatIpckey(ipckey)}.sock`;
}

export function recordPath(ipckey: number): string {
  return `${runtimeDirectory()}/${formatIpckey(ipckey)}.state`;
}

export function verdictPath(ipckey: number): string {
  return `${publicDirectory()}/${formatIpckey(ipckey)}`;
}

/** Beside the dump file of this name, where who reads the pfile finds it. */
export function verdictLinkName(dumpName: string): string {
  return `${dumpName}.verdict`;
}
