// Random pfiles, and what the processes look like that their entries mean. Numbers are small, so that minutes of
// virtual time see many deadlines.
import type { Parameters, Pent, Pfile } from '../../src/pfile/types.ts';
import { PENT } from '../unit/entry/story.ts';
import { PFILE } from '../unit/monitor/world.ts';
import type { Random } from './random.ts';

/** One of the programs of a world: what its processes look like. */
export type Service = {
  readonly path: string;
  readonly words: readonly string[];
  readonly uid: number;
  readonly pidfile: string;
};

const SERVICES: readonly Service[] = [0, 1, 2, 3].map((index) => ({
  path: `/srv/s${index}`,
  words: ['--role', `role${index}`, 'first&second'],
  uid: 70 + index,
  pidfile: `/run/s${index}.pid`,
}));

export function serviceOf({ name }: Pent): Service {
  const service = SERVICES.find((_, index) => name.endsWith(String(index)));
  if (service === undefined) throw new Error(`no service for ${name}`);
  return service;
}

/** Links by which a NAME may lead to its program. */
export const LINKS: ReadonlyMap<string, string> = new Map(
  SERVICES.flatMap(({ path }, index) => [
    [path, 'ELF'],
    [`/srv/link${index}`, `-> ${path}`],
  ]),
);

/** NAMEs of one pfile differ, so that a log line tells its entry; some worlds have two entries for one program. */
export function randomPfile(random: Random): Pfile {
  const services = [0, 1, 2].slice(0, random.weighted([[4, 1], [3, 2], [1, 3]])); // biome-ignore format: a table
  const names = services.map((index) => randomName(random, index));
  if (random.chance(0.1)) names.push(names[0] === 's0' ? '/srv/s0' : 's0');
  return withPents(
    { ...PFILE, parameters: randomParameters(random) },
    names.map((name) => randomPent(random, name)),
  );
}

/** The pfile as an operator might edit it: values, entries that come and go, an entry that means others. */
export function editedPfile(random: Random, { parameters, ...pfile }: Pfile): Pfile {
  let pents = pfile.pents.map((pent) => {
    if (random.chance(0.4)) return { ...randomPent(random, pent.name), ...identityOf(pent) };
    return random.chance(0.1) ? { ...pent, ...randomIdentity(random, pent.name) } : pent;
  });
  if (pents.length > 1 && random.chance(0.3)) pents = pents.filter((pent) => pent !== random.pick(pents));
  const unused = [0, 1, 2, 3].filter((index) => !pents.some(({ name }) => name.endsWith(String(index))));
  const added = unused[0];
  if (added !== undefined && pents.length < 4 && random.chance(0.3)) {
    pents.push(randomPent(random, randomName(random, added)));
  }
  if (random.chance(0.2)) pents.reverse();
  if (pents.length === 0) pents = [...pfile.pents];
  return withPents(
    {
      ...pfile,
      parameters: random.chance(0.2)
        ? { ...parameters, monitorIntervalSeconds: randomInterval(random) }
        : parameters,
    },
    pents,
  );
}

function withPents(pfile: Omit<Pfile, 'pents'>, pents: readonly Pent[]): Pfile {
  return { ...pfile, pents: pents.map((pent, index) => ({ ...pent, id: index + 1 })) };
}

function randomParameters(random: Random): Parameters {
  return {
    ...PFILE.parameters,
    monitorIntervalSeconds: randomInterval(random),
    shutdownCommand: { path: '/shutdown', arguments: [] },
  };
}

function randomInterval(random: Random): number {
  return random.pick([0.3, 1, 2, 5, 10]);
}

function randomName(random: Random, index: number): string {
  return random.pick([`/srv/s${index}`, `s${index}`, `/srv/link${index}`]);
}

type Identity = Pick<Pent, 'includeStrings' | 'excludeStrings' | 'uid' | 'exe' | 'pidfile' | 'containers'>;

function identityOf(pent: Pent): Identity {
  const { includeStrings, excludeStrings, uid, exe, pidfile, containers } = pent;
  return { includeStrings, excludeStrings, uid, exe, pidfile, containers };
}

function randomIdentity(random: Random, name: string): Identity {
  const service = serviceOf({ ...PENT, name });
  return {
    includeStrings: random.pick([[], [], ['first', 'role'], [service.words.join(' ')]]),
    excludeStrings: random.pick([[], [], ['never']]),
    uid: random.chance(0.15) ? service.uid : undefined,
    exe: random.chance(0.15) ? service.path : undefined,
    pidfile: random.chance(0.15) ? service.pidfile : undefined,
    containers: random.chance(0.1) ? 'include' : 'exclude',
  };
}

function randomPent(random: Random, name: string): Pent {
  const minProcCount = random.chance(0.15) ? 2 : 1;
  return {
    ...PENT,
    ...randomIdentity(random, name),
    name,
    script: { path: '/start', arguments: ['now'] },
    graceSeconds: random.pick([0, 0.5, 3, 20, 60, 86_400]),
    retry: random.pick([0, 1, 2, 3, 3, 5, 20]),
    action: random.weighted([
      [3, 'exit'],
      [6, 'continue'],
      [1, 'shutdown'],
    ]),
    minProcCount,
    maxProcCount: random.chance(0.2) ? minProcCount : undefined,
    restartTimeoutSeconds: random.pick([0, 0.5, 2, 5]),
    restartIntervalSeconds: random.pick([0, 0, 1, 5]),
    startWaitSeconds: random.pick([0.1, 0.5, 2]),
    restartDelaySeconds: random.pick([0, 0, 0, 0.2, 3]),
    check: random.chance(0.3)
      ? {
          command: { path: '/check', arguments: [] },
          intervalSeconds: random.pick([0.5, 2]),
          timeoutSeconds: random.pick([0.2, 1]),
          fails: random.pick([1, 2, 3]),
        }
      : undefined,
    retryOverCommand: random.chance(0.3) ? { path: '/over', arguments: [] } : undefined,
  };
}
