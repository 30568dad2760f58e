// A process as the matcher wants it: what was read of it, and the way to what is read only where a rule asks for it.
import { type CommandLine, parseCommandLine } from './command-line.ts';
import type { Candidate } from './matcher.ts';
import { isPsaver } from './own.ts';
import type { ProcessReader } from './reader.ts';
import { hasLeader, type StatFields } from './stat-fields.ts';

/** Undefined for psaver's own programs, which never match. `fields` and `bytes` are those that were read last; `bytes` is changed. */
export function candidateOf(
  reader: ProcessReader,
  pid: number,
  fields: StatFields,
  bytes: Buffer | undefined,
): Candidate | undefined {
  const commandLine: CommandLine | undefined = bytes === undefined ? undefined : parseCommandLine(bytes);
  if (commandLine !== undefined && isPsaver(commandLine)) return undefined;
  const isLed = hasLeader(fields);
  let exe: string | undefined;
  let uid: number | undefined;
  let inOwnNamespace: boolean | undefined;
  return {
    comm: reader.comm(fields),
    commandLine,
    exe: () => {
      exe ??= reader.exe(pid, isLed);
      return exe;
    },
    uid: () => {
      uid ??= reader.uid(pid);
      return uid;
    },
    isInOwnNamespace: () => {
      inOwnNamespace ??= reader.isInOwnNamespace(pid);
      return inOwnNamespace;
    },
  };
}
