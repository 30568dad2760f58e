// A process as the matcher wants it, but for its command line: what was read of it, and the way to what is read only
// where a rule asks for it.
import type { Candidate } from './matcher.ts';
import type { ProcessReader } from './reader.ts';
import { hasLeader, type StatFields } from './stat-fields.ts';

/** `fields` are those that were read last. */
export function candidateOf(
  reader: ProcessReader,
  pid: number,
  fields: StatFields,
): Omit<Candidate, 'commandLine'> {
  const isLed = hasLeader(fields);
  let exe: string | undefined;
  let uid: number | undefined;
  let inOwnNamespace: boolean | undefined;
  return {
    comm: reader.comm(fields),
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
