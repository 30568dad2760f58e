// The real side of the seam, put together.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { System } from '../types.ts';
import { realClock } from './clock.ts';
import { createDumpFile } from './dump-file.ts';
import { realFiles } from './files.ts';
import type { Kernel } from './kernel.ts';
import { createRealOutputs } from './outputs.ts';
import { realProc } from './proc.ts';
import { ownProtection } from './protection.ts';
import { createRecordFile } from './record-file.ts';
import { createRealScripts } from './scripts.ts';

/** All that needs no call of libc and no file of its own. */
export const realSystem: Omit<System, 'scripts' | 'outputs' | 'record' | 'dump' | 'bootId'> = {
  clock: realClock,
  proc: realProc,
  files: realFiles,
  protection: ownProtection,
  environment: process.env,
  token: () => randomBytes(8).toString('hex'),
};

export function createRealSystem(kernel: Kernel, recordPath: string, dumpPath: string): System {
  const outputs = createRealOutputs(kernel);
  return {
    ...realSystem,
    // Not while the program is loaded: without a /proc Node would end it with 1, which is kept for retry-over.
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
    outputs,
    scripts: createRealScripts(outputs),
    record: createRecordFile(recordPath),
    dump: createDumpFile(dumpPath),
  };
}
