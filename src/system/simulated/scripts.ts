// Starts of scripts in a simulated world: at once, with an error, or hanging before the exec until they are thawed; and
// what pcheck is told of them, which may come late or in an odd order.
import type {
  ScriptCommand,
  ScriptEnd,
  ScriptListener,
  ScriptSignal,
  ScriptStart,
  Scripts,
} from '../types.ts';
import type { SimulatedClock } from './clock.ts';
import type { SimulatedOutputs } from './outputs.ts';
import type { SimulatedProcess, SimulatedProcesses } from './processes.ts';

/** A restart script in progress: its process, and the way to end it. */
export type SimulatedScript = {
  readonly command: ScriptCommand;
  readonly process: SimulatedProcess;
  write(text: string): void;
  end(end: ScriptEnd): void;
};

/**
 * `hangs`: its child can be killed; `hangs-in-kernel`: no signal ends it until it is thawed; `unborn`: there is no child yet.
 */
export type StartMode = 'begins' | 'hangs' | 'hangs-in-kernel' | 'unborn';

export type SimulatedStarts = {
  /** Makes the next starts fail with this error. */
  spawnError: string | undefined;
  /** How the next starts go. */
  startMode: StartMode;
  /** That a script has begun is told so much later, even after its end. */
  startToldAfterMilliseconds: number;
  /** Every script that has begun, in order. */
  readonly started: SimulatedScript[];
  /** What a script does once it has begun; it goes on for ever by default. */
  onScript: (script: SimulatedScript) => void;
  readonly signals: { readonly pid: number; readonly signal: ScriptSignal }[];
  /** Starts that hang come through now; those that were given up end. */
  thaw(): void;
  /** The starts of this life of pcheck that hang. */
  hanging(): readonly HangingStart[];
};

export type HangingStart = {
  readonly command: ScriptCommand;
  readonly mode: Exclude<StartMode, 'begins'>;
  /** Monotonic milliseconds. */
  readonly since: number;
  readonly isGivenUp: boolean;
};

type Start = Omit<HangingStart, 'isGivenUp'> & {
  readonly on: ScriptListener;
  readonly life: number;
  /** Its child, which shows pcheck's command line until the exec. */
  child: SimulatedProcess | undefined;
  isGivenUp: boolean;
};

const PCHECK = { argv: ['node', '/opt/psaver/dist/pcheck.cjs', '-f', '/etc/pfile'], exe: '/usr/bin/node' };

export function createSimulatedScripts(
  clock: SimulatedClock,
  proc: SimulatedProcesses,
  outputs: SimulatedOutputs,
): { readonly starts: SimulatedStarts; readonly scripts: Scripts; crash(): void } {
  const hanging = new Set<Start>();
  let execs = 0;
  // Counts the lives of pcheck: what an earlier one started tells it nothing any more.
  let life = 0;

  function tell(of: number, milliseconds: number, task: () => void): void {
    clock.after(milliseconds, () => void (of === life && task()));
  }

  function begin(command: ScriptCommand, on: ScriptListener, process: SimulatedProcess): void {
    const { path, arguments: words } = command;
    execs += 1;
    Object.assign(process, {
      argv: ['/bin/sh', path, ...words],
      exe: '/bin/sh',
      comm: (path.split('/').at(-1) ?? '').slice(0, 15),
      environment: { ...command.inherited, ...command.environment },
      startStack: 0x7fe0_0000_0000 + execs * 16,
    });
    const { pid } = process;
    const of = life;
    tell(of, starts.startToldAfterMilliseconds, () => on.started(pid));
    const script: SimulatedScript = {
      command,
      process,
      write: (text) => outputs.write(command.outputFile, text),
      end(end) {
        proc.end(pid);
        tell(of, 0, () => on.ended(end));
      },
    };
    starts.started.push(script);
    starts.onScript(script);
  }

  function newChild(): SimulatedProcess {
    return proc.start({ ...PCHECK, ppid: proc.ownPid });
  }

  /** It ends without having begun. */
  function end(start: Start): void {
    hanging.delete(start);
    const { child, on } = start;
    if (child !== undefined) proc.end(child.pid);
    const isUnborn = child === undefined;
    tell(start.life, 0, () =>
      on.ended(
        isUnborn ? { kind: 'unspawnable', error: 'ECANCELED' } : { kind: 'signalled', signal: 'SIGKILL' },
      ),
    );
  }

  /** Given up by who has not been told yet that it has begun. */
  function killBegun(process: SimulatedProcess | undefined): void {
    if (process !== undefined) scripts.kill(-process.pid, 'SIGKILL');
  }

  function giveUp(start: Start): void {
    start.isGivenUp = true;
    if (!hanging.has(start)) killBegun(start.child);
    else if (start.mode !== 'hangs-in-kernel') end(start);
  }

  function hang(command: ScriptCommand, on: ScriptListener, mode: Start['mode']): ScriptStart {
    const child = mode === 'unborn' ? undefined : newChild();
    const since = clock.now().monotonic;
    const start: Start = { command, on, life, child, mode, since, isGivenUp: false };
    hanging.add(start);
    return { pid: () => start.child?.pid ?? 0, giveUp: () => giveUp(start) };
  }

  const starts: SimulatedStarts = {
    spawnError: undefined,
    startMode: 'begins',
    startToldAfterMilliseconds: 0,
    started: [],
    onScript: () => undefined,
    signals: [],
    hanging: () => [...hanging].filter((start) => start.life === life),
    thaw() {
      for (const start of [...hanging]) {
        if (start.isGivenUp) {
          end(start);
          continue;
        }
        hanging.delete(start);
        start.child ??= newChild();
        begin(start.command, start.on, start.child);
      }
    },
  };
  const scripts: Scripts = {
    start(command, on) {
      const { spawnError: error, startMode } = starts;
      if (error !== undefined) {
        tell(life, 0, () => on.ended({ kind: 'unspawnable', error }));
        return { pid: () => 0, giveUp: () => undefined };
      }
      if (startMode !== 'begins') return hang(command, on, startMode);
      const process = newChild();
      begin(command, on, process);
      return {
        pid: () => process.pid,
        giveUp: () => killBegun(process),
      };
    },
    kill: (pid, signal) => void starts.signals.push({ pid, signal }),
  };
  return {
    starts,
    scripts,
    crash() {
      life += 1;
      for (const start of [...hanging]) {
        if (start.child !== undefined) start.child.ppid = 1;
        giveUp(start);
      }
    },
  };
}
