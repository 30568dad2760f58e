// What pcheck itself has started and not yet seen end: restart scripts, checks, last commands. Each has a
// session of its own, none ever matches an entry, all are stopped when pcheck ends (SPEC 4.12).
import { message } from '../log/catalogue.ts';
import type { Log } from '../log/log.ts';
import type { OwnSession } from '../process/own.ts';
import type { ProcessReader } from '../process/reader.ts';
import type { ScriptStart, System } from '../system/types.ts';
import { createGroups } from './children/groups.ts';
import { createLeftSessions } from './children/left-sessions.ts';
import { tellSlowStart } from './children/slow-start.ts';
import type { Started, StartedProcesses } from './children/types.ts';
import { inheritedEnvironment } from './environment.ts';
import type { OutputLog } from './output.ts';
import { stopGroups } from './stop-groups.ts';

/** How one that was started goes on; terminated, its end is that of its whole group. */
type Course = {
  is: 'starting' | 'given-up' | 'running' | 'terminated';
  readonly start: ScriptStart | undefined;
  /** The processes that the SIGTERM spared. */
  spared: () => readonly number[];
  /** The leader has ended: tells of it. */
  finish: (() => void) | undefined;
};

export function createStarted(
  system: System,
  reader: ProcessReader,
  log: Log,
  outputLog: OutputLog,
): StartedProcesses {
  const { clock, proc, scripts, outputs } = system;
  const running = new Map<Started, Course>();
  const groups = createGroups(system, reader);
  const inherited = inheritedEnvironment(system.environment);
  const left = createLeftSessions(proc);
  const nobody = () => [];
  let expected = 0;
  let isStopping = false;

  /** The leader may go at a SIGTERM that others of its group ignore: then these are waited for, or killed. */
  function finishWithGroup(started: Started, course: Course): void {
    const finish = () => course.finish?.();
    if (course.finish === undefined) return;
    if (course.is === 'terminated') groups.whenGone(started.group(), course.spared(), finish);
    else finish();
  }

  /** The leader of this one has ended; `tell` comes once. */
  function leaderEnded(started: Started, course: Course, tell: () => void): void {
    course.finish = () => {
      course.finish = undefined;
      running.delete(started);
      left.add(sessionOf(started));
      tell();
      outputs.cut(started.command.outputFile);
    };
    finishWithGroup(started, course);
  }

  return {
    start(command, environment, on) {
      const { script, outputFile, name } = command;
      const output = outputLog.begin(outputFile);
      const start = scripts.start(
        { ...script, environment, inherited, outputFile },
        {
          started(pid) {
            if (course.is === 'starting' || course.is === 'given-up') course.is = 'running';
            slow.over();
            on.begun?.(pid);
          },
          outputLost: (error) => log.write(message('scriptOutputLost', { name, file: outputFile, error })),
          ended(end) {
            // Who was given up has no group to wait for.
            if (course.is === 'starting' || course.is === 'given-up') course.is = 'running';
            slow.over();
            leaderEnded(started, course, () => on.ended(end));
          },
        },
      );
      const started: Started = { command, output, group: start.pid };
      const course: Course = { is: 'starting', start, spared: nobody, finish: undefined };
      const slow = tellSlowStart(clock, log, command);
      running.set(started, course);
      return started;
    },
    adopt(command, group, terminated) {
      const started: Started = { command, output: outputLog.begin(command.outputFile), group: () => group };
      const course: Course = {
        is: terminated === undefined ? 'running' : 'terminated',
        start: undefined,
        spared: terminated ?? nobody,
        finish: undefined,
      };
      running.set(started, course);
      if (isStopping) scripts.kill(-group, 'SIGTERM');
      return { started, leaderEnded: (onEnd) => leaderEnded(started, course, onEnd) };
    },
    expect() {
      expected += 1;
      return () => {
        expected -= 1;
      };
    },
    release(started) {
      const course = running.get(started);
      if (course !== undefined) course.is = 'running';
      running.delete(started);
    },
    isStarting(started) {
      const is = running.get(started)?.is;
      return is === 'starting' || is === 'given-up';
    },
    signal(started, signal, spared) {
      const course = running.get(started);
      if (course === undefined) return;
      if (course.is === 'starting' || course.is === 'given-up') {
        course.is = 'given-up';
        course.start?.giveUp();
        return;
      }
      const group = started.group();
      if (signal === 'SIGTERM') groups.terminate(group, spared);
      else groups.kill(group, spared, (count) => tellLeft(started, count));
      course.is = signal === 'SIGTERM' ? 'terminated' : 'running';
      course.spared = () => spared;
      // Not from within the step that asks for the signal: the end is an event of its own.
      clock.after(0, () => finishWithGroup(started, course));
    },
    list: () => [...left.list(), ...[...running.keys()].flatMap((started) => sessionOf(started) ?? [])],
    stopAll(done) {
      isStopping = true;
      if (running.size === 0 && expected === 0) {
        done();
        return;
      }
      const names = [...running.keys()].map(({ command }) => command.name).join(', ');
      if (names !== '') log.write(message('scriptsStopped', { names }));
      for (const { is, start } of running.values()) {
        if (is === 'starting' || is === 'given-up') start?.giveUp();
      }
      stopGroups(groupsToStop, isUnsettled, system, reader, done);
    },
  };

  function tellLeft(started: Started, count: number): void {
    const { name, what } = started.command;
    // Of a leader that does not end the entry tells, or the next check.
    if (!running.has(started)) log.write(message('groupLeft', { name, what, count }));
  }

  function groupsToStop(): ReadonlySet<number> {
    const begun = [...running].filter(([, { is }]) => is !== 'starting' && is !== 'given-up');
    return new Set(begun.map(([started]) => started.group()));
  }

  /** A start has no process that could be killed yet, or a script that an earlier pcheck left is not found yet. */
  function isUnsettled(): boolean {
    return expected > 0 || [...running.keys()].some((started) => started.group() === 0);
  }
}

function sessionOf({ command, group }: Started): OwnSession | undefined {
  const session = group();
  if (session === 0) return undefined;
  return { session, script: command.what === 'restart script' ? command.script.path : undefined };
}
