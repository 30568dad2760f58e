// All that starts processes for the entries of one pcheck, put together.
import type { PatientLog } from '../log/log.ts';
import type { Script } from '../pfile/types.ts';
import type { ProcessReader } from '../process/reader.ts';
import type { System } from '../system/types.ts';
import type { StartedProcesses } from './children/types.ts';
import { createCommands, type LimitedCommands } from './commands.ts';
import { createOutputLog } from './output.ts';
import { createScripts, type RestartScripts } from './scripts.ts';
import type { Slot } from './slot.ts';
import { createStarted } from './started.ts';

export type Runners = {
  readonly processes: StartedProcesses;
  readonly scripts: RestartScripts;
  readonly commands: LimitedCommands;
  /** Opens, and keeps within bounds, the output files of these entries. Within half a second hands over what tells of what is wrong. */
  keepOutputs(slots: readonly Slot[], done: (tell: () => void) => void): void;
};

export function createRunners(
  system: System,
  reader: ProcessReader,
  log: PatientLog,
  shmDumpFile: string,
  shutdownCommand: () => Script | undefined,
): Runners {
  const outputLog = createOutputLog(system, log);
  const processes = createStarted(system, reader, log, outputLog);
  const outputFileOf = (pentId: number) => `${shmDumpFile}.${pentId}.out`;
  return {
    processes,
    scripts: createScripts(system, reader, processes, outputLog, outputFileOf),
    commands: createCommands(system, processes, log, outputLog, shutdownCommand, outputFileOf),
    keepOutputs(slots, done) {
      outputLog.keep(
        slots.map(({ entry }) => outputFileOf(entry.pent.id)),
        (file) => slots.find(({ entry }) => outputFileOf(entry.pent.id) === file)?.entry.pent.name ?? '',
        done,
      );
    },
  };
}
