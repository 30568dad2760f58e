// What is known of a process that pcheck has started, and what can be asked for: the rest of the monitor sees no more.
import type { Script } from '../../pfile/types.ts';
import type { OwnSession } from '../../process/own.ts';
import type { ScriptEnd } from '../../system/types.ts';
import type { RunOutput } from '../output.ts';

/** `name` is the entry's; `what` says it in the log. */
export type Command = {
  readonly name: string;
  readonly what: 'restart script' | 'check_cmd' | 'retry_over_cmd' | 'SHUTDOWN_COMMAND';
  readonly script: Script;
  readonly outputFile: string;
};

export type Started = {
  readonly command: Command;
  readonly output: RunOutput;
  /** Its process group and session; 0 while it has no process. */
  group(): number;
};

export type StartedListener = {
  /** It has begun, as the process of this pid. Not for every one, and perhaps after its end. */
  begun?(pid: number): void;
  /** Once, in any case, not from within `start`. */
  ended(end: ScriptEnd): void;
};

export type StartedProcesses = {
  start(command: Command, environment: Readonly<Record<string, string>>, on: StartedListener): Started;
  /** Counts one that an earlier pcheck started as this one's own; `terminated`: it was sent SIGTERM, which spared these. The caller tells its end. */
  adopt(command: Command, group: number, terminated: (() => readonly number[]) | undefined): Adopted;
  /** One may be adopted, which the end of pcheck has to wait for; returns the way to say that it is known. */
  expect(): () => void;
  /** Forgets one that is not pcheck's any more. */
  release(started: Started): void;
  /** Whether its start hangs: it has not begun, and may never. */
  isStarting(started: Started): boolean;
  /** Signals the process group, but not the processes in `spared` and what descends from them; who has not begun never does. */
  signal(started: Started, signal: 'SIGTERM' | 'SIGKILL', spared: readonly number[]): void;
  list(): readonly OwnSession[];
  /** SIGTERM to all groups, SIGKILL after a second to what is left; calls back when nothing of them runs. */
  stopAll(done: () => void): void;
};

export type Adopted = {
  readonly started: Started;
  /** Its leader has ended: `onEnd` comes when the end of that is its end. */
  leaderEnded(onEnd: () => void): void;
};
