// Looking at the processes may itself fail (no descriptor left, /proc not mounted): then nothing is known, and
// nothing may be decided from it. Told once, until it works again.
import type { Observation } from '../entry/types.ts';
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { Extent } from '../process/extent.ts';
import type { Slot } from './slot.ts';

/** How far a look goes: what is read, and who may have become another program since it was read. */
export type Scope = {
  readonly extent: Extent;
  readonly youngSeconds: number;
  readonly isFullCheck: boolean;
};

/** Undefined when it is blind just now. */
export type Sight = (chosen: readonly Slot[], scope: Scope) => Observation[] | undefined;

export const BLIND_RETRY_MILLISECONDS = 1000;

export function createSight(log: Log, look: (chosen: readonly Slot[], scope: Scope) => Observation[]): Sight {
  let blindness: string | undefined;
  return (chosen, scope) => {
    try {
      const seen = chosen.length === 0 ? [] : look(chosen, scope);
      blindness = undefined;
      return seen;
    } catch (error) {
      const text = String(error);
      if (text !== blindness) log.write(message('cannotLook', { error: text }));
      blindness = text;
      return undefined;
    }
  };
}
