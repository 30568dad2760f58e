// Reads one process as deep as a scan wants it: what shows that it is another program makes its command line be asked
// for anew. How deep: read-policy.ts; its command line: read-lines.ts.
import type { ProcessReader } from '../reader.ts';
import { createStatFields, isKernelThread, isRunning } from '../stat-fields.ts';
import type { MatchIndex } from './match-index.ts';
import type { LineReads } from './read-lines.ts';
import type { Reading } from './read-policy.ts';
import type { Tracked } from './tracked.ts';
import type { TrackedProcess } from './tracked-process.ts';

export type ProcessReads = {
  /** Throws when /proc cannot be looked at; it counts as not read then. */
  read(process: TrackedProcess, reading: Reading, stamp: number): void;
};

export type ProcessReadParts = {
  readonly reader: ProcessReader;
  readonly tracked: Tracked;
  readonly lines: LineReads;
  readonly index: MatchIndex;
  turn(): number;
  rulesVersion(): number;
};

export function createProcessReads(parts: ProcessReadParts): ProcessReads {
  const { reader, tracked, lines, index } = parts;
  const fields = createStatFields();

  /** Its stat, and its command line where that may have changed or is asked for. */
  function readStat(process: TrackedProcess, withLine: boolean, stamp: number): void {
    const { pid } = process;
    process.seen = parts.turn();
    if (!reader.statFields(pid, fields) || (process.list === 0 && !reader.isProcess(pid, fields))) {
      tracked.remove(process);
      return;
    }
    const isSame = process.startTicks === fields.startTicks && process.image === fields.image;
    if (!isSame) lines.forget(process);
    process.startTicks = fields.startTicks;
    process.image = fields.image;
    process.isKernelThread = isKernelThread(fields);
    process.list ||= 1;
    tracked.noteStart(process);
    if (process.isKernelThread || !isRunning(fields)) lines.skip(process, stamp);
    else {
      index.update(pid, fields);
      const isOld = process.rulesVersion !== parts.rulesVersion();
      // Where an exec cannot be seen in stat, it may have happened.
      const isWanted = (withLine || fields.startStack === 0) && process.line.is !== 'asked';
      if (process.line.is === 'unread' || isOld || isWanted) lines.ask(process, fields, stamp);
    }
    process.rulesVersion = parts.rulesVersion();
  }

  return {
    read(process, reading, stamp) {
      switch (reading) {
        case 'nothing':
          break;
        case 'verify': {
          const programId = reader.programIdOf(process.pid);
          if (programId !== 0 && programId === process.programId) {
            process.seen = parts.turn();
            break;
          }
          readStat(process, false, stamp);
          process.programId = programId;
          break;
        }
        case 'stat':
          readStat(process, false, stamp);
          break;
        case 'read':
          readStat(process, true, stamp);
          break;
        default:
          reading satisfies never;
      }
    },
  };
}
