// The lives of pcheck in a world: it is started, killed, asked to end, asked things through its control channel,
// and started again. What src/program does around the monitor is done here, in virtual time.
import { parseResponse, type Response } from '../../src/control/messages.ts';
import { type CommandName, makeRequest } from '../../src/control/question.ts';
import { createAnswer } from '../../src/control/server.ts';
import { message } from '../../src/log/catalogue.ts';
import type { Log } from '../../src/log/log.ts';
import { createMonitor } from '../../src/monitor/monitor.ts';
import { together } from '../../src/monitor/pulse.ts';
import type { Monitor } from '../../src/monitor/types.ts';
import type { Pfile } from '../../src/pfile/types.ts';
import type { SimulatedSystem } from '../../src/system/simulated/system.ts';
import { createDeathSource, type DeathSource } from './death-source.ts';
import { faultyLog, faultySystem, type Wires, type Witness } from './faulty-system.ts';
import type { Random } from './random.ts';

/** What somebody who watches pcheck from outside can see of its life. */
export type LifeWitness = Witness & {
  beginning(pfile: Pfile): void;
  reloaded(pfile: Pfile): void;
  retryOver(): void;
  ending(): void;
  ended(): void;
};

export type Life = {
  readonly is: 'down' | 'up' | 'ending';
  readonly pfile: Pfile;
  begin(pfile: Pfile): void;
  killed(): void;
  sigterm(): void;
  /** A reload that was asked for has read the pfile at last. */
  finishReading(): void;
  /** The answer to a line of the control channel; undefined when pcheck is not there, or takes its time. */
  ask(command: CommandName, pentId?: number): Response | undefined;
  /** What the next reload reads; undefined for a pfile with mistakes. */
  edited: Pfile | undefined;
  readonly deaths: DeathSource;
};

const VERSION = 'simulated';

export function createLife(
  system: SimulatedSystem,
  wires: Wires,
  random: Random,
  witness: LifeWitness,
  first: Pfile,
): Life {
  const deaths = createDeathSource(system.clock, random);
  let is: Life['is'] = 'down';
  let pfile = first;
  let monitor: Monitor | undefined;
  let reading: () => void = () => undefined;
  let answer: ReturnType<typeof createAnswer> | undefined;

  function end(): void {
    if (is !== 'up') return;
    is = 'ending';
    witness.ending();
    // As in the daemon: the decision is one turn of the loop, the closing another.
    system.clock.after(0, () => monitor?.close(gone));
  }

  function gone(): void {
    is = 'down';
    deaths.forget();
    answer = undefined;
    system.crash();
    witness.ended();
  }

  /** What was read comes when the world says so; when the end is decided by then, or pcheck is another, it changes nothing. */
  function reload(running: Monitor): void {
    const next = life.edited;
    function taken(): void {
      if (next === undefined || is !== 'up' || monitor !== running) return;
      pfile = next;
      witness.reloaded(next);
      running.reload(next);
    }
    if (random.chance(0.5)) taken();
    else reading = taken;
  }

  function openChannel(running: Monitor, log: Log): ReturnType<typeof createAnswer> {
    return createAnswer({
      pfile: pfile.path,
      isEnding: () => is === 'ending',
      snapshot: running.snapshot,
      param: () => ({
        pfile: pfile.path,
        ...pfile.parameters,
        shutdownCommand: null,
        takenAt: system.clock.now().wall,
        pcheckPid: system.proc.ownPid,
        startedAt: 0,
        version: VERSION,
        longestTurnMilliseconds: { lastHour: 0, sinceStart: 0 },
      }),
      stop: running.stop,
      start: running.start,
      reset: running.reset,
      reload() {
        reload(running);
        // The way of the answer is not in this world.
        return Promise.resolve({ text: '' });
      },
      shutdown() {
        log.write(message('shutdownRequested', {}));
        log.write(message('stopped', {}));
        end();
      },
    });
  }

  const life: Life = {
    get is() {
      return is;
    },
    get pfile() {
      return pfile;
    },
    edited: undefined,
    deaths,
    begin(next) {
      pfile = next;
      is = 'up';
      witness.beginning(next);
      const log = faultyLog(system, wires, witness);
      function onRetryOver(): void {
        witness.retryOver();
        end();
      }
      const running = createMonitor(
        faultySystem(system, wires, witness),
        next,
        log,
        deaths.createDeathWatch,
        onRetryOver,
        { pulse: together([]), onTurn: undefined },
      );
      monitor = running;
      answer = openChannel(running, log);
      running.prepare(running.begin);
    },
    killed() {
      is = 'down';
      deaths.forget();
      answer = undefined;
      system.crash();
    },
    sigterm() {
      if (is === 'up') end();
    },
    finishReading() {
      reading();
      reading = () => undefined;
    },
    ask(command, pentId) {
      const line = answer?.(makeRequest(pfile.path, command, pentId));
      return typeof line === 'string' ? parseResponse(line) : undefined;
    },
  };
  return life;
}
