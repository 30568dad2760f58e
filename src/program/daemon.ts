// The life of one pcheck: takes its place, opens its control channel, watches until something ends
// it. What ends it first decides the exit status.
import { formatIpckey } from '../control/question.ts';
import { createAnswer } from '../control/server.ts';
import { type LogMessage, message } from '../log/catalogue.ts';
import { visible } from '../log/visible.ts';
import { createMonitor } from '../monitor/monitor.ts';
import { together } from '../monitor/pulse.ts';
import type { Monitor } from '../monitor/types.ts';
import type { Pfile } from '../pfile/types.ts';
import { errorCode } from '../system/errors.ts';
import { createCpuWait } from '../system/real/cpu-wait.ts';
import { createFileLookup } from '../system/real/files/file-lookup.ts';
import { createFolderCalls } from '../system/real/files/folder-calls.ts';
import { createFolderLink } from '../system/real/files/folder-link.ts';
import type { Kernel } from '../system/real/kernel.ts';
import { serveLines } from '../system/real/line-socket.ts';
import { isOwnOrRoot } from '../system/real/runtime-directory.ts';
import { createRunProgram } from '../system/real/scripts/run-program.ts';
import { createRunShell } from '../system/real/scripts/run-shell.ts';
import { onSignal } from '../system/real/signals.ts';
import { createRealSystem, realSystem } from '../system/real/system.ts';
import { createVerdictFile } from '../system/real/verdict-file.ts';
import type { LineServer } from '../system/types.ts';
import { VERSION } from '../system/version.ts';
import type { PcheckOptions } from './command-line.ts';
import { type DumpPlace, dumpPlace } from './dump-folder.ts';
import { createEnding, type Ending } from './ending.ts';
import { openEvents } from './events.ts';
import { EXIT, ExitError } from './exit.ts';
import { type LoadedPfile, loadPfile } from './load-pfile.ts';
import type { PcheckLog } from './open-log.ts';
import { hasSyslog, SYSLOG_SOCKET } from './open-syslog.ts';
import { openOversight } from './oversee.ts';
import { recordPath, socketPath, verdictLinkName, verdictPath } from './paths.ts';
import { type Place, takePlace } from './place.ts';
import { createReload, type Reloading } from './reload.ts';
import { reportParam } from './report-param.ts';
import { createTurns, type Turns } from './turns.ts';

/** Resolves with the exit status when all but the log is closed; rejects when pcheck cannot start. `onStarted`: signals are handled here from now on. */
export async function runDaemon(
  { pfile, messages }: LoadedPfile,
  options: PcheckOptions,
  kernel: Kernel,
  log: PcheckLog,
  onStarted: () => void,
): Promise<number> {
  const ending = createEnding(log, kernel.exitNow);
  onStarted();
  const dump = dumpPlace(pfile.parameters.shmDumpFile, kernel);
  const place = await Promise.race([takePlace(pfile, dump, kernel), ending.decided]);
  if (typeof place === 'number') return place;
  try {
    return await watch(dump, place.warnings);
  } finally {
    attempt(place.leave);
  }

  async function watch(dump: DumpPlace, warnings: Place['warnings']): Promise<number> {
    const { ipckey } = pfile.parameters;
    const events = await openEvents(kernel, log);
    const runProgram = createRunProgram(kernel.programs, events.exits);
    const runShell = createRunShell(runProgram, kernel);
    const system = createRealSystem({
      kernel,
      exits: events.exits,
      isLastPidTrue: events.isLastPidTrue,
      runProgram,
      runShell,
      recordPath: recordPath(ipckey),
      dumpFolder: dump.folder,
      dumpName: dump.name,
    });
    const oversight = openOversight(
      kernel,
      log,
      createVerdictFile(
        verdictPath(ipckey),
        createFolderLink(dump.folder, verdictLinkName(dump.name), createFolderCalls(kernel), runShell),
      ),
      () => reloading.current(),
    );
    const turns = createTurns({ clock: system.clock, cpuWait: createCpuWait(), log });
    const monitor = createMonitor(
      system,
      pfile,
      log,
      events.createDeathWatch,
      (entry) => {
        oversight.failed(entry);
        ending.decide(EXIT.retryOver);
      },
      { ...oversight.overseer, pulse: together([turns.pulse, oversight.overseer.pulse]) },
    );
    const { serviceManager } = oversight;
    const read = (path: string) => loadPfile(path, createFileLookup(kernel.fileCalls));
    const reloading = createReload(pfile, { monitor, serviceManager, log, ending, read });
    const reload = () => {
      log.reopen();
      return reloading.reload();
    };
    onSignal('SIGHUP', () => void (ending.isDecided() || reload()));
    await new Promise<void>(monitor.prepare);
    const server = await openServer({ ...reloading, reload }, monitor, kernel, ending, turns);
    if (options.syslog && !hasSyslog()) log.write(message('noSyslog', { socket: SYSLOG_SOCKET }));
    log.write(started(pfile));
    for (const warning of [...messages, ...warnings]) log.write(warning);
    if (!ending.isDecided()) {
      oversight.begin();
      monitor.begin();
    }
    const status = await ending.decided;
    // Why it ends is told before anything is cleared away.
    await new Promise<void>(log.whenPassed);
    log.flush();
    oversight.end(status);
    await new Promise<void>((done) => {
      // Who waits for an answer hears of the end first.
      const closed = () => void realSystem.clock.after(0, done);
      // A defect must not give all retries back (SPEC 7).
      if (!attempt(() => monitor.close(closed, status !== EXIT.defect))) closed();
    });
    attempt(server.close);
    return status;
  }

  /** What cannot be cleared away must not change the status that was decided. */
  function attempt(task: () => void): boolean {
    try {
      task();
      return true;
    } catch (error) {
      log.write(message('closeFailed', { error: String(error) }));
      return false;
    }
  }
}

function started({ path, parameters, pents }: Pfile): LogMessage {
  return message('started', {
    version: VERSION,
    pfile: path,
    ipckey: formatIpckey(parameters.ipckey),
    entries: pents.length,
    intervalSeconds: parameters.monitorIntervalSeconds,
  });
}

async function openServer(
  { current, reload }: Reloading,
  monitor: Monitor,
  kernel: Kernel,
  { isDecided, shutdown }: Ending,
  turns: Turns,
): Promise<LineServer> {
  const { clock } = realSystem;
  const startedAt = clock.now().wall;
  const path = socketPath(current().parameters.ipckey);
  const answer = createAnswer({
    pfile: current().path,
    isEnding: isDecided,
    snapshot: monitor.snapshot,
    param: () => reportParam(current(), startedAt, turns.longest()),
    stop: monitor.stop,
    start: monitor.start,
    reload,
    reset: monitor.reset,
    // After the answer has gone out.
    shutdown: () => clock.after(10, shutdown),
  });
  try {
    return await serveLines(
      path,
      (descriptor) => isOwnOrRoot(kernel.peerUid(descriptor)),
      (line) => {
        turns.begin();
        return answer(line);
      },
    );
  } catch (error) {
    throw new ExitError(EXIT.cannotCreate, visible(`cannot listen on ${path}: ${errorCode(error)}`));
  }
}
