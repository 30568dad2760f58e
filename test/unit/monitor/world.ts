// A monitor in a simulated world: what it logs, which scripts it runs, how it ends, second by second.
import type { EntryReport } from '../../../src/entry/snapshot.ts';
import type { LogMessage } from '../../../src/log/catalogue.ts';
import { formatMessage } from '../../../src/log/format.ts';
import { createMonitor } from '../../../src/monitor/monitor.ts';
import { type Overseer, together } from '../../../src/monitor/pulse.ts';
import type { Monitor } from '../../../src/monitor/types.ts';
import type { Pent, Pfile } from '../../../src/pfile/types.ts';
import { type CreateDeathWatch, createPollingWatch } from '../../../src/process/death-watch.ts';
import { createSimulatedSystem, type SimulatedSystem } from '../../../src/system/simulated/system.ts';
import { PENT } from '../entry/story.ts';

export type World = {
  readonly system: SimulatedSystem;
  readonly monitor: Monitor & { reports(): readonly EntryReport[] };
  /** Log texts so far, without those of debug level. */
  readonly log: string[];
  /** The statuses that the monitor asked to end with. */
  readonly ends: number[];
  passes(seconds: number): void;
  /** As kill -9 of pcheck: its timers are gone, its scripts run on, another pcheck begins. */
  crash(): World;
};

type WorldOptions = {
  readonly prepare?: (system: SimulatedSystem) => void;
  readonly createDeathWatch?: CreateDeathWatch;
  readonly overseer?: (system: SimulatedSystem) => Overseer;
  /** The world goes on in this one. */
  readonly system?: SimulatedSystem;
};

const INTERVAL_SECONDS = 10;

export const PFILE: Pfile = {
  path: '/etc/pfile',
  parameters: {
    ipckey: 1,
    msgCheckIntervalSeconds: 5,
    monitorIntervalSeconds: INTERVAL_SECONDS,
    shmDumpFile: '/var/dump',
    shutdownCommand: undefined,
    loopAlarmSeconds: 0,
  },
  pents: [],
};

export function createWorld(pents: readonly Partial<Pent>[], options: WorldOptions = {}): World {
  const system = options.system ?? createSimulatedSystem();
  options.prepare?.(system);
  const log: string[] = [];
  const ends: number[] = [];
  function write(message: LogMessage): void {
    if (message.id !== 'fullCheck') log.push(formatMessage(message));
  }
  const monitor = createMonitor(
    system,
    { ...PFILE, pents: pents.map((pent, index) => ({ ...PENT, id: index + 1, ...pent })) },
    { write, writeLater: (make) => make((messages) => messages.forEach(write)) },
    options.createDeathWatch ?? createPollingWatch,
    () => ends.push(1),
    options.overseer?.(system) ?? { pulse: together([]), onTurn: undefined },
  );
  monitor.prepare(monitor.begin);
  return {
    system,
    monitor: { ...monitor, reports: () => monitor.snapshot().pents },
    log,
    ends,
    passes: (seconds) => system.clock.advance(seconds * 1000),
    crash() {
      system.crash();
      return createWorld(pents, { ...options, system, prepare: () => undefined });
    },
  };
}

/** A restart script that takes `seconds`, then leaves a service of this command line behind. */
export function starting(system: SimulatedSystem, argv: readonly string[], seconds = 1): void {
  system.onScript = (script) => {
    system.clock.afterAlways(seconds * 1000, () => {
      system.proc.start({ argv, session: script.process.pid });
      script.end({ kind: 'exited', status: 0 });
    });
  };
}
