// The life of one pcheck: takes its place, opens its log and control channel, watches until something ends
// it. What ends it first decides the exit status.

import { formatIpckey } from '../control/question.ts';
import { createAnswer } from '../control/server.ts';
import { type LogMessage, message } from '../log/catalogue.ts';
import { createMonitor } from '../monitor/monitor.ts';
import type { Monitor } from '../monitor/types.ts';
import type { Pfile } from '../pfile/types.ts';
import { errorCode } from '../system/errors.ts';
import type { Kernel } from '../system/real/kernel.ts';
import { serveLines } from '../system/real/line-socket.ts';
import { isOwnOrRoot } from '../system/real/runtime-directory.ts';
import { onSignal } from '../system/real/signals.ts';
import { createRealSystem, realSystem } from '../system/real/system.ts';
import { createVerdictFile } from '../system/real/verdict-file.ts';
import type { LineServer } from '../system/types.ts';
import { VERSION } from '../system/version.ts';
import type { PcheckOptions } from './command-line.ts';
import { createEnding, type Ending } from './ending.ts';
import { openEvents } from './events.ts';
import { EXIT, ExitError } from './exit.ts';
import type { LoadedPfile } from './load-pfile.ts';
import { openLog } from './open-log.ts';
import { hasSyslog, SYSLOG_SOCKET } from './open-syslog.ts';
import { openOversight } from './oversee.ts';
import { recordPath, socketPath, verdictLinkPath, verdictPath } from './paths.ts';
import { takePlace } from './place.ts';
import { createReload } from './reload.ts';
import { reportParam } from './report-param.ts';

/** Resolves with the exit status when all is closed; rejects when pcheck cannot start. `onStarted`: signals are handled here from now on. */
export async function runDaemon(
  { pfile, messages }: LoadedPfile,
  options: PcheckOptions,
  kernel: Kernel,
  onStarted: () => void,
): Promise<number> {
  kernel.keepDescriptorsFromChildren();
  const log = await openLog(options, kernel);
  const ending = createEnding(log);
  onStarted();
  try {
    const place = await Promise.race([takePlace(pfile, kernel), ending.decided]);
    if (typeof place === 'number') return place;
    try {
      return await watch();
    } finally {
      attempt(place.leave);
    }
  } finally {
    log.flush();
  }

  async function watch(): Promise<number> {
    const { ipckey, shmDumpFile } = pfile.parameters;
    const events = await openEvents(kernel, log);
    const system = createRealSystem(kernel, events.exits, recordPath(ipckey), shmDumpFile);
    const oversight = openOversight(
      kernel,
      log,
      createVerdictFile(verdictPath(ipckey), verdictLinkPath(shmDumpFile)),
      () => reloading.current(),
    );
    const monitor = createMonitor(
      system,
      pfile,
      log,
      events.createDeathWatch,
      (entry) => {
        oversight.failed(entry);
        ending.decide(EXIT.retryOver);
      },
      oversight.overseer,
    );
    const reloading = createReload(pfile, monitor, oversight.serviceManager, log);
    onSignal('SIGHUP', () => void (ending.isDecided() || reloading.reload()));
    const server = await openServer(reloading, monitor, kernel, ending);
    if (options.syslog && !hasSyslog()) log.write(message('noSyslog', { socket: SYSLOG_SOCKET }));
    log.write(started(pfile));
    for (const warning of messages) log.write(warning);
    if (!ending.isDecided()) {
      oversight.begin();
      monitor.begin();
    }
    const status = await ending.decided;
    // Why it ends is told before anything is cleared away.
    log.flush();
    oversight.end(status);
    await new Promise<void>((done) => {
      // A defect must not give all retries back (SPEC 7).
      if (!attempt(() => monitor.close(done, status !== EXIT.defect))) done();
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
  { current, reload }: ReturnType<typeof createReload>,
  monitor: Monitor,
  kernel: Kernel,
  { isDecided, shutdown }: Ending,
): Promise<LineServer> {
  const { clock } = realSystem;
  const startedAt = clock.now().wall;
  const path = socketPath(current().parameters.ipckey);
  const answer = createAnswer({
    pfile: current().path,
    isEnding: isDecided,
    snapshot: monitor.snapshot,
    param: () => reportParam(current(), startedAt),
    stop: monitor.stop,
    start: monitor.start,
    reload,
    reset: monitor.reset,
    // After the answer has gone out.
    shutdown: () => clock.after(10, shutdown),
  });
  try {
    return await serveLines(path, (descriptor) => isOwnOrRoot(kernel.peerUid(descriptor)), answer);
  } catch (error) {
    throw new ExitError(EXIT.cannotCreate, `cannot listen on ${path}: ${errorCode(error)}`);
  }
}
