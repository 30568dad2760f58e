// Sessions in which a check or a last command has left somebody when it ended: what it has started is no service (SPEC 3).
import type { OwnSession } from '../../process/own.ts';
import type { ProcTable } from '../../system/types.ts';

export type LeftSessions = {
  /** Its leader has ended; a restart script's is forgotten, since what that leaves is the service. */
  add(ended: OwnSession | undefined): void;
  /** Those in which somebody is left. */
  list(): readonly OwnSession[];
};

export function createLeftSessions(proc: Pick<ProcTable, 'isThere'>): LeftSessions {
  let left: readonly OwnSession[] = [];
  /** As long as there is such a group nobody else is given its number. */
  const hasSomebody = ({ session }: OwnSession) => proc.isThere(-session);
  return {
    add(ended) {
      if (ended !== undefined && ended.script === undefined && hasSomebody(ended)) left = [...left, ended];
    },
    list() {
      if (left.length > 0) left = left.filter(hasSomebody);
      return left;
    },
  };
}
