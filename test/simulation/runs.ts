// What the scripts, checks and last commands of a world do: succeed, fail, hang, start the wrong thing, start it
// late, start it twice, become it.
import type { SimulatedScript, SimulatedSystem } from '../../src/system/simulated/system.ts';
import { PENT } from '../unit/entry/story.ts';
import { type Service, serviceOf } from './plan.ts';
import type { Being, Population } from './population.ts';
import type { Random } from './random.ts';

export type Runs = {
  /** Nothing goes wrong with what is started from now on. */
  calm(): void;
  /** Runs so far that did not simply succeed. */
  faults: number;
};

type Course = (run: Being, service: Service) => void;

const EXITED = { kind: 'exited', status: 0 } as const;
const FAILED = { kind: 'exited', status: 3 } as const;

/** `onBegun` hears of each script that has truly begun. */
export function createRuns(
  system: SimulatedSystem,
  population: Population,
  random: Random,
  onBegun: (run: Being) => void,
): Runs {
  const { clock, disk } = system;
  const runs: Runs = {
    faults: 0,
    calm() {
      isCalm = true;
    },
  };
  let isCalm = false;

  function later(seconds: number, task: () => void): void {
    clock.afterAlways(seconds * 1000, task);
  }

  function startFrom(run: Being, service: Service): Being {
    const { pid } = run.process;
    const being = population.startService(service, { session: pid, processGroup: pid });
    disk.set(service.pidfile, `${being.process.pid}\n`);
    return being;
  }

  const good: Course = (run, service) =>
    later(random.pick([0, 0.01, 0.3, 1.5]), () => {
      if (run.diedAt !== undefined) return;
      startFrom(run, service);
      // Enough for any min_proc_count of a world: one alone would be restarted until the retries are used up.
      if (isCalm || random.chance(0.2)) startFrom(run, service);
      population.die(run, EXITED);
    });

  const bad: Readonly<Record<string, Course>> = {
    'starts it early': (run, service) => {
      startFrom(run, service);
      later(random.between(0.1, 1), () => population.die(run, EXITED));
    },
    'starts it late': (run, service) => {
      population.die(run, EXITED);
      later(random.between(0.01, 3), () => startFrom(run, service));
    },
    'starts it twice': (run, service) => {
      startFrom(run, service);
      later(0.05, () => {
        if (run.diedAt !== undefined) return;
        startFrom(run, service);
        population.die(run, EXITED);
      });
    },
    'starts another thing': (run, service) => {
      startFrom(run, { ...service, path: '/srv/wrong' });
      population.die(run, EXITED);
    },
    'starts it with other words': (run, service) => {
      startFrom(run, { ...service, words: ['--other'] });
      population.die(run, EXITED);
    },
    fails: (run) => later(random.pick([0, 0.5]), () => population.die(run, FAILED)),
    'fails though it has started it': (run, service) => {
      startFrom(run, service);
      later(0.1, () => population.die(run, FAILED));
    },
    'is killed': (run) => later(0.2, () => population.die(run, { kind: 'signalled', signal: 'SIGSEGV' })),
    hangs: (run) => {
      run.ignoresTerm = random.chance(0.4);
    },
    'hangs though it has started it': (run, service) => {
      run.ignoresTerm = random.chance(0.4);
      later(random.between(0, 1), () => {
        if (run.diedAt === undefined) startFrom(run, service);
      });
    },
    'becomes it': (run, service) =>
      later(random.between(0, 0.5), () => {
        if (run.diedAt === undefined) population.exec(run, service);
      }),
    'forks it, as daemons do': (run, service) => {
      const first = startFrom(run, service);
      population.die(run, EXITED);
      later(0.03, () => {
        if (first.diedAt !== undefined) return;
        const daemon = population.fork(first);
        disk.set(service.pidfile, `${daemon.process.pid}\n`);
        later(0.01, () => population.die(first));
      });
    },
    'starts what dies at once': (run, service) => {
      const being = startFrom(run, service);
      population.die(run, EXITED);
      later(random.between(0, 2), () => population.die(being));
    },
    'leaves a helper that ignores SIGTERM': (run) => {
      const { pid } = run.process;
      const helper = population.fork(run);
      population.exec(helper, undefined);
      Object.assign(helper.process, { session: pid, processGroup: pid });
      helper.ignoresTerm = true;
    },
    'cannot be killed': (run) => {
      run.isUnkillable = true;
      later(random.between(5, 40), () => population.die(run, FAILED));
    },
  };

  function restart(run: Being): void {
    const service = serviceOf({ ...PENT, name: run.script?.command.environment['PSAVER_NAME'] ?? '' });
    // It has to end the process that stalled.
    if (run.script?.command.environment['PSAVER_REASON'] === 'stall' && (isCalm || random.chance(0.8))) {
      for (const being of population.all) if (being.process.exe === service.path) population.die(being);
    }
    if (isCalm || random.chance(0.55)) {
      good(run, service);
      return;
    }
    runs.faults += 1;
    const course = random.pick(Object.values(bad));
    course(run, service);
  }

  function check(run: Being): void {
    const service = serviceOf({ ...PENT, name: run.script?.command.environment['PSAVER_NAME'] ?? '' });
    const isHung = [...population.all].some((being) => being.isHung && being.process.exe === service.path);
    if (!isCalm && random.chance(0.02)) {
      runs.faults += 1;
      // Reads from a disk that is stuck: no signal ends it.
      run.isUnkillable = true;
      later(random.between(0.5, 10), () => population.die(run, FAILED));
    } else if (isHung && !isCalm) {
      runs.faults += 1;
      // Hangs as well, now and then.
      if (random.chance(0.7)) population.die(run, FAILED);
    } else {
      later(random.pick([0, 0.05]), () => population.die(run, EXITED));
    }
  }

  system.onScript = (script: SimulatedScript) => {
    const run = population.adoptScript(script);
    onBegun(run);
    switch (script.command.path) {
      case '/start':
        restart(run);
        break;
      case '/check':
        check(run);
        break;
      default:
        if (isCalm || random.chance(0.7)) later(random.between(0, 2), () => population.die(run, EXITED));
        else runs.faults += 1;
    }
  };
  return runs;
}
