// The real side of the seam, put together.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Exits, System } from '../types.ts';
import { realClock } from './clock.ts';
import { createDumpFile } from './dump-file.ts';
import { realFiles } from './files.ts';
import type { Kernel } from './kernel.ts';
import { createMemory } from './memory.ts';
import { createRealOutputs } from './outputs.ts';
import { createRealProc, realProc } from './proc.ts';
import { createRecordFile } from './record-file.ts';
import { createRealScripts } from './scripts.ts';

/** All that needs no call of libc and no file of its own. */
export const realSystem: Pick<System, 'clock' | 'proc' | 'files' | 'environment' | 'token'> = {
  clock: realClock,
  proc: realProc,
  files: realFiles,
  environment: process.env,
  token: nextToken,
};

/** `exits`: where the kernel tells ends. */
export function createRealSystem(
  kernel: Kernel,
  exits: Exits | undefined,
  recordPath: string,
  dumpPath: string,
): System {
  const outputs = createRealOutputs(kernel);
  return {
    ...realSystem,
    proc: createRealProc(kernel),
    // Not while the program is loaded: without a /proc Node would end it with 1, which is kept for retry-over.
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
    outputs,
    exits,
    scripts: createRealScripts(outputs, exits && kernel.spawner && { spawner: kernel.spawner, exits }),
    record: createRecordFile(recordPath),
    tidyMemory: createMemory(),
    dump: createDumpFile(dumpPath),
  };
}

const TOKEN_BYTES = 8;
let random = Buffer.alloc(0);

/** Made in advance: one is asked for between a death and its restart. */
function nextToken(): string {
  if (random.length === 0) random = randomBytes(TOKEN_BYTES * 64);
  const token = random.toString('hex', 0, TOKEN_BYTES);
  random = random.subarray(TOKEN_BYTES);
  return token;
}
