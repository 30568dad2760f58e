// What can happen to a world: to its processes, its disks and clocks, to pcheck, and what operators do.
import { RECORD_PATH } from '../../src/system/simulated/system.ts';
import { editedPfile, serviceOf } from './plan.ts';
import type { Being } from './population.ts';
import type { World } from './world.ts';

type Action = { readonly name: string; readonly isFault: boolean; do(world: World): void };

const LINE_IS_READ_AFTER_MILLISECONDS = 50;
const PID_IS_FREE_AFTER_MILLISECONDS = 20;
/** A new command line without an exec is seen when its process has its turn (SPEC 3, Re-check). */
const TITLE_IS_SEEN_AFTER_MILLISECONDS = 75_000;

export const ACTIONS: readonly (readonly [weight: number, action: Action])[] = [
  [14, fault('a service dies', (world) => withService(world, (being) => world.population.die(being)))],
  [
    4,
    fault('a service dies and stays as a zombie', (world) =>
      withService(world, (being) => world.population.die(being, undefined, true)),
    ),
  ],
  [
    2,
    fault('a storm: all services die', (world) => {
      for (const being of services(world)) world.population.die(being);
    }),
  ],
  [3, fault('a service dies and its pid is reused', reusePid)],
  [
    2,
    fault('the main thread of a service ends, others run on', (world) =>
      withService(world, ({ process }) => {
        process.threads = 3;
        process.isZombie = true;
      }),
    ),
  ],
  [
    2,
    fault('a service changes its command line', (world) =>
      withService(world, (being) => {
        const { process } = being;
        world.population.changed(being);
        process.argv = world.random.pick([['worker: idle'], [...process.argv, 'more'], ['never']]);
        being.isTitleNew = true;
        world.system.clock.afterAlways(TITLE_IS_SEEN_AFTER_MILLISECONDS, () => {
          being.isTitleNew = false;
        });
      }),
    ),
  ],
  [
    2,
    fault('a service execs another program', (world) =>
      withService(world, (being) => {
        world.population.exec(being, undefined);
        being.isLocked = false;
        world.answers.free(being.process.pid);
      }),
    ),
  ],
  [
    4,
    fault('a service forks a worker', (world) =>
      withService(world, (being) => void world.population.fork(being)),
    ),
  ],
  [
    3,
    fault('a service forks a worker and dies', (world) =>
      withService(world, (being) => {
        world.population.fork(being);
        world.population.die(being);
      }),
    ),
  ],
  [
    3,
    fault('a service hangs', (world) =>
      withService(world, (being) => {
        being.isHung = true;
      }),
    ),
  ],
  [
    3,
    fault('a command line cannot be read for a while', (world) =>
      withService(world, ({ process }) => {
        process.isUnreadable = true;
        world.system.clock.afterAlways(world.random.between(0, 8000), () => {
          process.isUnreadable = false;
        });
      }),
    ),
  ],
  [3, fault('a process locks its memory map for a while', lock)],
  [4, deed('somebody starts a service by hand', startByHand)],
  [2, fault('a service of the same name runs in a container', (world) => startInContainer(world))],
  [
    2,
    fault('a pidfile names another process, or nothing', (world) => {
      const { pidfile } = serviceOf(world.random.pick(world.life.pfile.pents));
      const others = services(world);
      const named = others.length === 0 || world.random.chance(0.4) ? '' : world.random.pick(others);
      world.system.disk.set(pidfile, named === '' ? 'rubbish' : `${named.process.pid}\n`);
    }),
  ],
  [
    3,
    fault('the wall clock is stepped', (world) =>
      world.system.clock.stepWall(world.random.pick([-3.15e10, -3_600_000, -1000, 1000, 3_600_000, 3.15e10])),
    ),
  ],
  [
    2,
    fault('pcheck is held up', (world) => {
      if (world.life.is === 'down') return;
      world.hindered();
      world.system.clock.holdUp(world.random.between(10, 20_000));
      world.unhindered();
    }),
  ],
  [3, fault('/proc cannot be read for a while', blind)],
  [
    3,
    fault('forks fail for a while', (world) =>
      forAWhile(
        world,
        () => {
          world.system.spawnError = undefined;
        },
        3000,
        () => {
          world.system.spawnError = world.random.pick(['EAGAIN', 'ENOMEM', 'ENOENT']);
        },
      ),
    ),
  ],
  [
    4,
    fault('starts hang for a while', (world) =>
      forAWhile(
        world,
        () => {
          world.system.startMode = 'begins';
          world.thaw();
        },
        world.random.pick([1000, 10_000, 60_000]),
        () => {
          world.system.startMode = world.random.pick(['hangs', 'hangs-in-kernel', 'unborn']);
        },
      ),
    ),
  ],
  [2, fault('starts that hang come through', (world) => world.thaw())],
  [
    2,
    fault('that a script has begun is told late for a while', (world) =>
      forAWhile(
        world,
        () => {
          world.system.startToldAfterMilliseconds = 0;
        },
        20_000,
        () => {
          world.system.startToldAfterMilliseconds = world.random.between(0, 3000);
        },
      ),
    ),
  ],
  [
    2,
    fault('environments are searched slowly for a while', (world) =>
      forAWhile(
        world,
        () => {
          world.system.searchMilliseconds = 0;
        },
        20_000,
        () => {
          world.system.searchMilliseconds = world.random.between(0, 1000);
        },
      ),
    ),
  ],
  [
    3,
    fault('the record cannot be written for a while', (world) =>
      forAWhile(
        world,
        () => {
          world.system.recordError = undefined;
        },
        5000,
        () => {
          world.system.recordError = 'ENOSPC';
        },
      ),
    ),
  ],
  [
    3,
    fault('the disk of the dump is full, stuck or silent for a while', (world) =>
      forAWhile(
        world,
        () => {
          world.wires.dumpFailure = undefined;
        },
        60_000,
        () => {
          world.wires.dumpFailure = world.random.pick(['stuck', 'silent', 'ENOSPC']);
        },
      ),
    ),
  ],
  [
    2,
    fault('syslog takes nothing for a while', (world) =>
      forAWhile(
        world,
        () => {
          world.wires.isSyslogStuck = false;
        },
        20_000,
        () => {
          world.wires.isSyslogStuck = true;
        },
      ),
    ),
  ],
  [5, fault('pcheck is killed', (world) => kill(world))],
  [
    8,
    fault('pcheck is killed in one of its next calls', (world) => {
      if (world.life.is !== 'down') world.wires.killedIn = world.random.int(1, 12);
    }),
  ],
  [
    12,
    deed('pcheck is started', (world) => {
      if (world.life.is === 'down') world.begin();
    }),
  ],
  [1.5, deed('pcheck is sent SIGTERM', (world) => world.life.sigterm())],
  [
    1,
    fault('pcheck is killed and started after a long time', (world) => {
      kill(world);
      world.passes(world.random.between(50_000, 80_000));
      if (world.life.is === 'down') world.begin();
    }),
  ],
  [
    1,
    fault('pcheck is killed and its record torn', (world) => {
      if (world.life.is !== 'up') return;
      kill(world);
      const text = world.system.disk.get(RECORD_PATH);
      if (text === undefined) return;
      // Not where lines were added: a record that ends before them is a whole one, of a moment before.
      const at = world.random.int(0, lengthAsWritten(text) - 2);
      world.system.disk.set(RECORD_PATH, text.slice(0, at));
      world.begin();
    }),
  ],
  [1, fault('the machine boots again', reboot)],
  [3, deed('padmin stop', (world) => ask(world, 'stop'))],
  [5, deed('padmin start', (world) => ask(world, 'start'))],
  [4, deed('padmin reset', (world) => ask(world, 'reset'))],
  [0.5, deed('padmin shutdown', (world) => void world.life.ask('shutdown'))],
  [
    5,
    deed('padmin reload', (world) => {
      const { life, random } = world;
      life.edited = random.chance(0.8) ? editedPfile(random, life.pfile) : undefined;
      life.ask('reload');
    }),
  ],
  [3, deed('a slow reload has read its pfile', (world) => world.life.finishReading())],
];

function lengthAsWritten(text: string): number {
  const lines = text.split('\n').slice(0, Number(text.slice(0, text.indexOf('\n')).split(' ').at(-1)) + 2);
  return lines.join('\n').length;
}

function fault(name: string, task: (world: World) => void): Action {
  return { name, isFault: true, do: task };
}

function deed(name: string, task: (world: World) => void): Action {
  return { name, isFault: false, do: task };
}

/** Whatever runs a program that some entry means. */
function services({ population }: World): Being[] {
  return [...population.all].filter(({ process }) => process.exe.startsWith('/srv/'));
}

function withService(world: World, task: (being: Being) => void): void {
  const all = services(world);
  if (all.length === 0) return;
  task(world.random.pick(all));
  world.oracle.lookAtTruth();
}

function lock(world: World): void {
  withService(world, (being) => {
    const { pid } = being.process;
    being.isLocked = true;
    world.answers.hold(pid);
    world.system.clock.afterAlways(world.random.between(0, 20_000), () => {
      world.answers.free(pid);
      // Its command line is read a moment later.
      world.system.clock.afterAlways(LINE_IS_READ_AFTER_MILLISECONDS, () => {
        being.isLocked = false;
      });
    });
  });
}

function reusePid(world: World): void {
  withService(world, (being) => {
    const { random, population, life } = world;
    const { pid } = being.process;
    population.die(being);
    world.passes(random.between(PID_IS_FREE_AFTER_MILLISECONDS, 300));
    if (world.system.proc.isTaken(pid)) return;
    const service = serviceOf(random.pick(life.pfile.pents));
    population.startService(random.chance(0.5) ? service : { ...service, path: '/bin/other' }, { pid });
  });
}

function startByHand(world: World): void {
  const { random, life, population, system } = world;
  const service = serviceOf(random.pick(life.pfile.pents));
  const being = population.startService(random.chance(0.8) ? service : { ...service, words: ['--other'] });
  if (random.chance(0.5)) system.disk.set(service.pidfile, `${being.process.pid}\n`);
}

function startInContainer({ random, life, population }: World): void {
  population.startService(serviceOf(random.pick(life.pfile.pents)), { namespacesBelow: 1 });
}

function blind(world: World): void {
  const { system } = world;
  if (system.proc.failure !== undefined) return;
  world.hindered();
  forAWhile(
    world,
    () => {
      if (system.proc.failure === undefined) return;
      system.proc.failure = undefined;
      world.unhindered();
    },
    5000,
    () => {
      system.proc.failure = 'EMFILE: too many open files';
    },
  );
}

function forAWhile(world: World, end: () => void, longest: number, begin: () => void): void {
  begin();
  world.system.clock.afterAlways(world.random.between(0, longest), end);
}

function kill(world: World): void {
  if (world.life.is !== 'down') world.killed(false);
}

function reboot(world: World): void {
  kill(world);
  const { population, system } = world;
  for (const being of [...population.all]) population.die(being);
  world.thaw();
  // The record lies in memory that a boot empties; one that is left all the same is of another boot.
  if (world.random.chance(0.7)) system.disk.delete(RECORD_PATH);
  world.system.bootId = `${system.bootId}'`;
  world.passes(world.random.between(0, 40_000));
  if (world.life.is === 'down') world.begin();
}

function ask(world: World, command: 'stop' | 'start' | 'reset'): void {
  const { life, random } = world;
  const pentId = random.chance(0.5) ? undefined : random.pick(life.pfile.pents).id;
  life.ask(command, pentId);
}
