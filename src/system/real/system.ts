// The real side of the seam, put together.
import { randomBytes } from 'node:crypto';
import { closeSync, readFileSync } from 'node:fs';
import type { Exits, System } from '../types.ts';
import { realClock } from './clock.ts';
import { createCut } from './cut.ts';
import { createDumpFile } from './dump-file.ts';
import type { DumpFolder } from './files/dump-folder.ts';
import { createFolderCalls } from './files/folder-calls.ts';
import { createLookups } from './files/lookups.ts';
import type { Kernel } from './kernel.ts';
import { createMemory } from './memory.ts';
import { createOpenFiles } from './outputs/open-files.ts';
import { createOutputOpener } from './outputs/open-outputs.ts';
import { createOutputCalls } from './outputs/output-calls.ts';
import { createRealOutputs, type RealOutputs } from './outputs.ts';
import { createRealProc, realProc } from './proc/proc.ts';
import { createRecordFile } from './record-file.ts';
import { ownUid } from './runtime-directory.ts';
import type { RunProgram } from './scripts/run-program.ts';
import type { RunShell } from './scripts/run-shell.ts';
import { createRealScripts } from './scripts.ts';

/** All that needs no call of libc and no file of its own. */
export const realSystem: Pick<System, 'clock' | 'proc' | 'environment' | 'token'> = {
  clock: realClock,
  proc: realProc,
  environment: process.env,
  token: nextToken,
};

/** What finding processes takes. */
export function createMatchSystem(
  kernel: Kernel,
  isLastPidTrue = false,
): Pick<System, 'clock' | 'proc' | 'commandLines' | 'lookups'> {
  return {
    clock: realClock,
    proc: createRealProc(kernel, isLastPidTrue),
    commandLines: kernel.commandLines,
    lookups: createLookups(kernel.fileCalls),
  };
}

/** What the system of one pcheck is made of; `exits`: where the kernel tells ends. */
export type RealParts = {
  readonly kernel: Kernel;
  readonly exits: Exits | undefined;
  /** Whether the newest pid of /proc/loadavg is this namespace's (events.ts). */
  readonly isLastPidTrue: boolean;
  readonly runProgram: RunProgram;
  readonly runShell: RunShell;
  readonly recordPath: string;
  readonly dumpFolder: DumpFolder;
  /** In that folder. */
  readonly dumpName: string;
};

export function createRealSystem(parts: RealParts): System {
  const { kernel, exits, isLastPidTrue, runProgram, runShell, recordPath, dumpFolder, dumpName } = parts;
  const outputs = createOutputs(kernel, dumpFolder, runShell);
  return {
    ...realSystem,
    ...createMatchSystem(kernel, isLastPidTrue),
    // Not while the program is loaded: without a /proc Node would end it with 1, which is kept for retry-over.
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim(),
    outputs,
    environments: kernel.environments,
    exits,
    scripts: createRealScripts(outputs, runProgram, kernel),
    record: createRecordFile(recordPath),
    tidyMemory: createMemory(),
    dump: createDumpFile(dumpFolder, dumpName, runShell, kernel),
  };
}

function createOutputs(kernel: Kernel, folder: DumpFolder, runShell: RunShell): RealOutputs {
  const calls = createOutputCalls(kernel);
  const opener = createOutputOpener(folder, { ...calls, ...createFolderCalls(kernel) }, runShell, ownUid());
  /** A child has it open for longer than pcheck: whoever closes the last descriptor of a file that was removed waits for its disk. */
  function letGo(descriptor: number): void {
    const release = () => closeSync(descriptor);
    runShell({ text: 'sleep 1', words: [], stdin: descriptor, release }, { ended: () => undefined });
  }
  return createRealOutputs(kernel, createOpenFiles(kernel, opener, calls, letGo), calls, createCut(runShell));
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
