// The processes of a world and the truth about them, which psaver has to find out through /proc: who lives, who
// was forked from whom, whom a signal ends.
import type { SimulatedProcess, SimulatedProcesses } from '../../src/system/simulated/processes.ts';
import type { SimulatedScript, SimulatedSystem } from '../../src/system/simulated/system.ts';
import type { ScriptEnd } from '../../src/system/types.ts';
import type { Service } from './plan.ts';

/** One process of the world. `bornAt` and `diedAt` are monotonic milliseconds. */
export type Being = {
  readonly process: SimulatedProcess;
  readonly bornAt: number;
  diedAt: number | undefined;
  /** A fork shares its parent's, every exec makes a new one. */
  image: number;
  ignoresTerm: boolean;
  /** In state D: no signal ends it. */
  isUnkillable: boolean;
  /** A signal waits for it to leave that state. */
  isKilled: boolean;
  /** Whether its stall check passes. */
  isHung: boolean;
  /** Its command line is another one than before, without an exec, and may not have been read since. */
  isTitleNew: boolean;
  /** Its memory map is locked: who reads its command line waits. */
  isLocked: boolean;
  script: SimulatedScript | undefined;
};

export type Population = {
  readonly all: ReadonlySet<Being>;
  startService(service: Service, changes?: Partial<SimulatedProcess>): Being;
  fork(parent: Being): Being;
  /** It becomes another program; with no service, one that nobody watches. */
  exec(being: Being, service: Service | undefined): void;
  adoptScript(script: SimulatedScript): Being;
  /** Ends it; as a zombie it stays to be seen for a while. */
  die(being: Being, end?: ScriptEnd, asZombie?: boolean): void;
  endUnkillable(): void;
  signal(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void;
  /** A process that lives by that pid. */
  byPid(pid: number): Being | undefined;
  /** Also one that has died. */
  byIdentity(pid: number | undefined, startTicks: number | undefined): Being | undefined;
  /** It does not look as before: its forks may pass for workers that it left. */
  changed(being: Being): void;
  /** Somebody who has died, or has changed since, was of the same program, by fork alone. */
  hasDeadKin(being: Being): boolean;
  deaths: number;
  /** One of that pid that has died in this very moment. */
  diedJustNow(pid: number): Being | undefined;
  onDeath: (being: Being) => void;
};

const REAPED_AFTER_MILLISECONDS = 700;
const OTHER: Service = { path: '/usr/bin/other', words: ['-x'], uid: 0, pidfile: '' };

export function createPopulation(system: SimulatedSystem): Population {
  const { clock, proc } = system;
  const all = new Set<Being>();
  const byProcess = new Map<SimulatedProcess, Being>();
  const deadImages = new Set<number>();
  let execs = 0;

  function add(process: SimulatedProcess): Being {
    const being: Being = {
      process,
      bornAt: clock.now().monotonic,
      diedAt: undefined,
      image: process.startStack,
      ignoresTerm: false,
      isUnkillable: false,
      isKilled: false,
      isHung: false,
      isTitleNew: false,
      isLocked: false,
      script: undefined,
    };
    all.add(being);
    byProcess.set(process, being);
    return being;
  }

  const population: Population = {
    all,
    deaths: 0,
    onDeath: () => undefined,
    startService(service, changes = {}) {
      return add(proc.start({ ...programOf(service), ...changes }, changes.pid));
    },
    fork(parent) {
      const { argv, comm, exe, uid, session, processGroup, startStack, namespacesBelow, pid } =
        parent.process;
      const seed = { argv, comm, exe, uid, session, processGroup, startStack, namespacesBelow, ppid: pid };
      return add(proc.start(seed));
    },
    exec(being, service = OTHER) {
      const { argv, exe } = programOf(service);
      population.changed(being);
      // Every exec draws a new place for the stack.
      execs += 1;
      const startStack = 0x7ff0_0000_0000 + execs * 16;
      Object.assign(being.process, { argv, exe, comm: exe.split('/').at(-1), startStack });
      being.image = startStack;
    },
    adoptScript(script) {
      const being = add(script.process);
      being.script = script;
      return being;
    },
    die(being, end = { kind: 'signalled', signal: 'SIGKILL' }, asZombie = false) {
      if (being.diedAt !== undefined) return;
      being.diedAt = clock.now().monotonic;
      population.changed(being);
      population.deaths += 1;
      const { process, script } = being;
      for (const other of all) if (other.process.ppid === process.pid) other.process.ppid = 1;
      all.delete(being);
      if (script !== undefined) {
        script.end(end);
      } else if (asZombie) {
        process.isZombie = true;
        process.threads = 1;
        clock.afterAlways(REAPED_AFTER_MILLISECONDS, () => reap(proc, process));
      } else {
        reap(proc, process);
      }
      population.onDeath(being);
    },
    signal(target, signal) {
      for (const being of [...all]) {
        const { pid, processGroup } = being.process;
        if (target < 0 ? processGroup !== -target : pid !== target) continue;
        if (signal === 'SIGTERM' && being.ignoresTerm) continue;
        if (being.isUnkillable) being.isKilled = true;
        else population.die(being, { kind: 'signalled', signal });
      }
    },
    endUnkillable() {
      for (const being of [...all]) {
        being.isUnkillable = false;
        if (being.isKilled) population.die(being);
      }
    },
    changed: ({ image }) => void deadImages.add(image),
    hasDeadKin: ({ image }) => deadImages.has(image),
    byIdentity: (pid, startTicks) =>
      [...byProcess.values()].find(({ process }) => process.pid === pid && process.startTicks === startTicks),
    diedJustNow: (pid) =>
      [...byProcess.values()].find(
        ({ process, diedAt }) => process.pid === pid && diedAt === clock.now().monotonic,
      ),
    byPid(pid) {
      const process = proc.get(pid);
      const being = process === undefined ? undefined : byProcess.get(process);
      return being?.diedAt === undefined ? being : undefined;
    },
  };
  return population;
}

function programOf({ path, words, uid }: Service) {
  return { argv: [path, ...words], exe: path, comm: path.split('/').at(-1) ?? '', uid };
}

function reap(proc: SimulatedProcesses, process: SimulatedProcess): void {
  if (proc.get(process.pid) === process) proc.end(process.pid);
}
