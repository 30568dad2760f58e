// What pcheck itself has started and not yet seen end: restart scripts, checks, last commands. Each has a
// session of its own, none ever matches an entry, all are stopped when pcheck ends (SPEC 4.12).
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { Script } from '../pfile/types.ts';
import { groupMembers } from '../process/group.ts';
import type { RunningScript } from '../process/own.ts';
import type { ProcessReader } from '../process/reader.ts';
import type { ScriptEnd, System } from '../system/types.ts';
import { inheritedEnvironment } from './environment.ts';
import type { OutputLog, RunOutput } from './output.ts';
import { stopGroups } from './stop-groups.ts';

/** `name` is the entry's. */
export type Started = RunningScript & { readonly name: string; readonly output: RunOutput };

export type StartedProcesses = {
  /** Undefined when it cannot be started; `onEnd` comes later in any case, once. */
  start(
    what: { readonly name: string; readonly script: Script; readonly outputFile: string },
    environment: Readonly<Record<string, string>>,
    onEnd: (end: ScriptEnd) => void,
  ): Started | undefined;
  /** Counts one that an earlier pcheck started as this one's own. */
  adopt(started: Started): Started;
  /** Forgets one that is not pcheck's any more. */
  release(started: Started): void;
  /** Signals the process group, but not the processes in `spared` and what descends from them. */
  signal(started: Started, signal: 'SIGTERM' | 'SIGKILL', spared: readonly number[]): void;
  list(): readonly Started[];
  /** SIGTERM to all groups, SIGKILL after a second to what is left; calls back when nothing of them runs. */
  stopAll(done: () => void): void;
};

/** How one that was started goes on: with SIGTERM sent, its end is that of its whole group. */
type Course = {
  /** The processes that the SIGTERM spared; undefined when none was sent, or SIGKILL since. */
  spared: readonly number[] | undefined;
  /** The leader has ended: tells of it. */
  finish: (() => void) | undefined;
};

const GROUP_POLL_MILLISECONDS = 100;

export function createStarted(
  system: System,
  reader: ProcessReader,
  log: Log,
  outputLog: OutputLog,
): StartedProcesses {
  const { clock, proc, scripts, outputs } = system;
  const running = new Map<Started, Course>();
  const inherited = inheritedEnvironment(system.environment);

  /** Undefined when /proc cannot be looked at just now: they are taken to be there, and asked for again. */
  function membersOf({ session }: Started, spared: readonly number[]): readonly number[] | undefined {
    try {
      return groupMembers(proc, reader, session, spared);
    } catch {
      // EMFILE, ENFILE, ENOMEM, or no /proc: told by the look at the processes (sight.ts).
      return undefined;
    }
  }

  /** The leader may go at a SIGTERM that others of its group ignore: then these are waited for, or killed. */
  function finishWithGroup(started: Started, course: Course): void {
    if (course.finish === undefined) return;
    if (course.spared === undefined || membersOf(started, course.spared)?.length === 0) course.finish();
    else clock.after(GROUP_POLL_MILLISECONDS, () => finishWithGroup(started, course));
  }

  function send(started: Started, signal: 'SIGTERM' | 'SIGKILL', spared: readonly number[]): void {
    if (spared.length === 0) {
      scripts.kill(-started.session, signal);
      return;
    }
    const members = membersOf(started, spared);
    for (const pid of members ?? []) scripts.kill(pid, signal);
    // Who is to be spared cannot be told: later.
    const again = () => void (running.has(started) && send(started, signal, spared));
    if (members === undefined) clock.after(GROUP_POLL_MILLISECONDS, again);
  }

  return {
    start({ name, script, outputFile }, environment, onEnd) {
      const output = outputLog.begin(outputFile);
      const course: Course = { spared: undefined, finish: undefined };
      const command = { ...script, environment, inherited, outputFile };
      const { pid, outputError } = scripts.spawn(command, (end) => {
        course.finish = () => {
          course.finish = undefined;
          if (started !== undefined) running.delete(started);
          onEnd(end);
          outputs.cut(outputFile);
        };
        if (started === undefined) course.finish();
        else finishWithGroup(started, course);
      });
      const started = pid === undefined ? undefined : { session: pid, path: script.path, name, output };
      if (started !== undefined) running.set(started, course);
      if (outputError !== undefined) {
        log.write(message('scriptOutputLost', { name, file: outputFile, error: outputError }));
      }
      return started;
    },
    adopt(started) {
      running.set(started, { spared: undefined, finish: undefined });
      return started;
    },
    release(started) {
      const course = running.get(started);
      if (course !== undefined) course.spared = undefined;
      running.delete(started);
    },
    signal(started, signal, spared) {
      send(started, signal, spared);
      const course = running.get(started);
      if (course === undefined) return;
      course.spared = signal === 'SIGTERM' ? spared : undefined;
      // Not from within the step that asks for the signal: the end is an event of its own.
      clock.after(0, () => finishWithGroup(started, course));
    },
    list: () => [...running.keys()],
    stopAll(done) {
      if (running.size === 0) {
        done();
        return;
      }
      log.write(message('scriptsStopped', { names: [...running.keys()].map(({ name }) => name).join(', ') }));
      const groups = new Set([...running.keys()].map(({ session }) => session));
      stopGroups(groups, system, reader, done);
    },
  };
}
