// How a world tells pcheck of deaths before its full checks do: not at all, at once, or now and then.
import type { CreateDeathWatch } from '../../src/process/death-watch.ts';
import { type ProcessId, sameProcess } from '../../src/process/types.ts';
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
  const watched = new Map<number, readonly ProcessId[]>();
  let tell: (key: number) => void = () => undefined;
  const source: DeathSource = {
    reliability: random.pick([0, 0.7, 1]),
    createDeathWatch(onDeath) {
      watched.clear();
      tell = onDeath;
      return {
        watch: (key, processes) => void watched.set(key, processes),
        close: () => watched.clear(),
      };
    },
    forget: () => watched.clear(),
    died(process) {
      for (const [key, processes] of watched) {
        if (!processes.some((one) => sameProcess(one, process)) || !random.chance(source.reliability))
          continue;
        clock.after(random.pick([0, 0, 1]), () => {
          if (watched.get(key)?.some((one) => sameProcess(one, process))) tell(key);
        });
      }
    },
  };
  return source;
}
