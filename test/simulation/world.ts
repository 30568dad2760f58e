// One world: random processes, scripts, operators and faults around the real monitor, in virtual time, from one
// seed. Every step is judged (oracle/).
import type { Response } from '../../src/control/messages.ts';
import { createSimulatedSystem } from '../../src/system/simulated/system.ts';
import { ACTIONS } from './actions.ts';
import { createAnswers } from './answers.ts';
import { createWires } from './faulty-system.ts';
import { createLife, type Life } from './life.ts';
import { createOracle } from './oracle/oracle.ts';
import { isNearLongestGap } from './oracle/record.ts';
import { editedPfile, LINKS, randomPfile, serviceOf } from './plan.ts';
import { createPopulation } from './population.ts';
import { createRandom } from './random.ts';
import { createRuns } from './runs.ts';
import { Killed, Violation } from './violation.ts';

/** How often what happened in it. */
export type WorldResult = Readonly<Record<string, number>>;

const FAULTS = 50;
const CALM_MILLISECONDS = 60_000;

/** What an action may do to a world. */
export type World = ReturnType<typeof createWorld>;

/** Throws the first Violation. `tell` hears what happens, for a seed that is replayed. */
export function runWorld(seed: number, tell?: (line: string) => void): WorldResult {
  const world = createWorld(seed, tell);
  world.guarded(() => world.life.begin(world.life.pfile));
  world.begun();
  while (world.faults() < FAULTS) {
    const action = world.random.weighted(ACTIONS);
    tell?.(`${world.seconds()} — ${action.name}`);
    world.counted(action.isFault);
    world.guarded(() => action.do(world));
    world.judge();
    world.passes(world.randomPause());
    world.judge();
  }
  tell?.(`${world.seconds()} — calm`);
  world.calm();
  return {
    faults: world.faults(),
    deaths: world.population.deaths,
    crashes: world.crashes(),
    ...world.oracle.seen,
    virtualMilliseconds: world.system.clock.now().monotonic,
  };
}

function createWorld(seed: number, tell: ((line: string) => void) | undefined) {
  const random = createRandom(seed);
  const system = createSimulatedSystem();
  const wires = createWires();
  for (const [path, content] of LINKS) system.disk.set(path, content);
  const answers = createAnswers(system, random);
  const population = createPopulation(system);
  const oracle = createOracle(system, population);
  const runs = createRuns(system, population, random, (run) => {
    const { command, process } = run.script ?? {};
    tell?.(`${seconds()}   begun ${command?.path} ${process?.pid} ${command?.environment['PSAVER_NAME']}`);
    oracle.scriptBegun(run);
  });
  const { clock } = system;
  let faults = 0;
  let crashes = 0;
  let hinderedSince = 0;
  let hindrances = 0;
  const seconds = () => (clock.now().monotonic / 1000).toFixed(3);

  const life: Life = createLife(
    system,
    wires,
    random,
    {
      ...oracle,
      logged(message) {
        tell?.(`${seconds()}   log ${message.id} ${JSON.stringify(message.values)}`);
        oracle.logged(message);
      },
      starting(command) {
        tell?.(
          `${seconds()}   start ${command.path} ${system.startMode} ${command.environment['PSAVER_NAME']}`,
        );
        oracle.starting(command);
      },
      givenUp(command) {
        tell?.(`${seconds()}   given up ${command.path} ${command.environment['PSAVER_NAME']}`);
        oracle.givenUp(command);
      },
      beginning(pfile) {
        tell?.(
          `${seconds()}   pcheck begins interval ${pfile.parameters.monitorIntervalSeconds} ${JSON.stringify(pfile.pents)}`,
        );
        oracle.beginning(pfile);
      },
      reloaded(pfile) {
        tell?.(`${seconds()}   pcheck reloads ${JSON.stringify(pfile.pents)}`);
        oracle.reloaded(pfile);
      },
      ended() {
        tell?.(`${seconds()}   pcheck has ended`);
        oracle.ended();
      },
    },
    randomPfile(random),
  );
  population.onDeath = (being) => {
    tell?.(`${seconds()}   death of ${being.process.pid} ${being.process.argv.join(' ')}`);
    oracle.died(being);
    answers.free(being.process.pid);
    life.deaths.died(being.process);
  };
  system.scripts.kill = (pid, signal) => {
    tell?.(`${seconds()}   ${signal} to ${pid}`);
    // Nobody in a world forks fast enough to have to be frozen.
    if (signal === 'SIGTERM' || signal === 'SIGKILL') population.signal(pid, signal);
  };
  for (const pent of life.pfile.pents) if (random.chance(0.8)) population.startService(serviceOf(pent));

  /** Runs what may call pcheck, which may be killed in the middle of it. */
  function guarded(task: () => void): void {
    try {
      task();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      killed(true);
    }
  }

  function killed(isWithin: boolean): void {
    tell?.(`${seconds()}   pcheck is killed${isWithin ? ' within a call' : ''}`);
    crashes += 1;
    wires.killedIn = undefined;
    oracle.killed(isWithin);
    life.killed();
    for (const being of population.all) {
      if (being.process.ppid === system.proc.ownPid) being.process.ppid = 1;
    }
  }

  function passes(milliseconds: number): void {
    const end = clock.now().monotonic + milliseconds;
    while (clock.now().monotonic < end) {
      guarded(() => clock.advance(end - clock.now().monotonic));
    }
  }

  function judge(): void {
    if (wires.killedIn !== undefined && life.is === 'down') wires.killedIn = undefined;
    const kept = wires.killedIn;
    wires.killedIn = undefined;
    const shown: Response | undefined = life.is === 'up' ? life.ask('show pent') : undefined;
    wires.killedIn = kept;
    const reports = shown?.kind === 'pents' ? shown.snapshot.pents : [];
    try {
      oracle.judge(reports);
    } catch (error) {
      tell?.(`shown: ${JSON.stringify(reports)}`);
      throw error;
    }
  }

  const world = {
    random,
    system,
    wires,
    answers,
    population,
    life,
    oracle,
    seconds,
    guarded,
    passes,
    judge,
    killed,
    faults: () => faults + runs.faults,
    crashes: () => crashes,
    counted(isFault: boolean): void {
      if (isFault) faults += 1;
    },
    begun(): void {
      if (life.is === 'up') oracle.begun();
    },
    begin(): void {
      const pfile = random.chance(0.8) ? life.pfile : editedPfile(random, life.pfile);
      if (isNearLongestGap(system, pfile)) passes(300);
      guarded(() => life.begin(pfile));
      world.begun();
    },
    /** /proc cannot be looked at, or pcheck is stopped by somebody: nothing can be asked of it meanwhile. */
    hindered(): void {
      if (hindrances === 0) hinderedSince = clock.now().monotonic;
      hindrances += 1;
      oracle.hindered();
    },
    unhindered(): void {
      hindrances -= 1;
      if (hindrances === 0) oracle.unhindered(clock.now().monotonic - hinderedSince);
    },
    randomPause: () =>
      random.weighted<() => number>([
        [5, () => random.between(0, 50)],
        [4, () => random.between(0, 1500)],
        [1.5, () => random.between(0, 6000)],
        [0.15, () => random.between(0, 70_000)],
      ])(),
    thaw(): void {
      guarded(system.thaw);
      oracle.thawed();
    },
    /** All faults end: then every entry comes to rest. */
    calm(): void {
      runs.calm();
      Object.assign(wires, { killedIn: undefined, isSyslogStuck: false, dumpFailure: undefined });
      Object.assign(system, { spawnError: undefined, recordError: undefined, searchMilliseconds: 0 });
      Object.assign(system, { startMode: 'begins', startToldAfterMilliseconds: 0 });
      world.thaw();
      if (system.proc.failure !== undefined) world.unhindered();
      system.proc.failure = undefined;
      for (const being of population.all) {
        being.isHung = false;
        being.process.isUnreadable = false;
        being.isLocked = false;
      }
      guarded(answers.freeAll);
      population.endUnkillable();
      passes(10);
      if (life.is === 'down') world.begin();
      life.finishReading();
      life.ask('start');
      judge();
      life.ask('reset');
      for (let step = 0; step < 12; step++) {
        judge();
        passes(CALM_MILLISECONDS / 12);
      }
      if (life.is === 'ending') throw new Violation('nothing waits for ever', 'the end');
      if (life.is === 'down') return;
      const unsettled = oracle.calmed();
      const shown = life.ask('show pent');
      if (unsettled.length > 0) tell?.(`shown: ${JSON.stringify(shown)}`);
      if (unsettled.length > 0) throw new Violation('nothing waits for ever', unsettled.join(', '));
    },
  };
  return world;
}
