// How a world tells pcheck of deaths before its full checks do: not at all, at once, or now and then.
import type { CreateDeathWatch } from '../../src/process/death-watch.ts';
import type { ProcessId } from '../../src/process/types.ts';
import type { Clock } from '../../src/system/types.ts';
import type { Random } from './random.ts';

export type DeathSource = {
  readonly createDeathWatch: CreateDeathWatch;
  died(process: ProcessId): void;
  /** Whoever was told is gone. */
  forget(): void;
  reliability: number;
};

export function createDeathSource(clock: Clock, random: Random): DeathSource {
  const watched = new Map<string, ProcessId>();
  let tell: (process: ProcessId) => void = () => undefined;
  const source: DeathSource = {
    reliability: random.pick([0, 0.7, 1]),
    createDeathWatch(onDeath) {
      watched.clear();
      tell = onDeath;
      return {
        watch: (process) => void watched.set(keyOf(process), process),
        unwatch: (process) => void watched.delete(keyOf(process)),
        close: () => watched.clear(),
      };
    },
    forget: () => watched.clear(),
    died(process) {
      const known = watched.get(keyOf(process));
      if (known === undefined || !random.chance(source.reliability)) return;
      clock.after(random.pick([0, 0, 1]), () => {
        if (watched.has(keyOf(process))) tell(known);
      });
    },
  };
  return source;
}

function keyOf({ pid, startTicks }: ProcessId): string {
  return `${pid} ${startTicks}`;
}
