// pcheck: reads the command line, then checks a pfile (-t) or watches its processes, and sets the exit status.
import { message } from './log/catalogue.ts';
import { visibleLines } from './log/visible.ts';
import { type PcheckOptions, readPcheckOptions } from './program/command-line.ts';
import { runDaemon } from './program/daemon.ts';
import { EXIT, ExitError, toExitError } from './program/exit.ts';
import { loadPfile } from './program/load-pfile.ts';
import { openLog, type PcheckLog } from './program/open-log.ts';
import { openSyslog } from './program/open-syslog.ts';
import { testPfile } from './program/test-pfile.ts';
import { errorCode } from './system/errors.ts';
import { createFileLookup } from './system/real/files/file-lookup.ts';
import { type Kernel, loadKernel } from './system/real/kernel.ts';
import {
  exit,
  exitOnStopSignals,
  ignoreStraySignals,
  keepNodeFromStandardError,
  onDefect,
} from './system/real/signals.ts';
import { printError } from './system/real/terminal.ts';

async function main(): Promise<number> {
  const options = readPcheckOptions(process.argv.slice(2));
  if (options === undefined) return EXIT.done;
  if (options.test) return testPfile(options.file, await requireKernel());
  ignoreStraySignals();
  keepNodeFromStandardError();
  const undoEarlyExit = exitOnStopSignals(EXIT.done);
  const onStarted = () => {
    undoEarlyExit();
    undoEarlyDefect();
  };
  const kernel = await requireKernel();
  // Threads that hang are not waited for.
  return kernel.exitNow(await watchPfile(options, kernel, onStarted));
}

async function watchPfile(options: PcheckOptions, kernel: Kernel, onStarted: () => void): Promise<number> {
  let log: PcheckLog | undefined;
  try {
    const loaded = await loadPfile(options.file, createFileLookup(kernel.fileCalls));
    log = await openLog(options, kernel);
    return await runDaemon(loaded, options, kernel, log, onStarted);
  } catch (error) {
    tellSyslog(kernel, options, error);
    const { status, text } = failure(error);
    if (log === undefined) printError(text);
    else log.print(text);
    return status;
  } finally {
    await log?.close();
  }
}

async function requireKernel(): Promise<Kernel> {
  let kernel: Kernel;
  try {
    kernel = await loadKernel();
  } catch (error) {
    throw new ExitError(
      EXIT.defect,
      `koffi cannot be loaded (is psaver installed whole?): ${errorCode(error)}`,
    );
  }
  // Without a /proc this is where that is seen: before anything else fails because of it.
  kernel.keepDescriptorsFromChildren();
  return kernel;
}

/** A cluster sees only that pcheck ended; the reason has to be where the operator looks. */
function tellSyslog(kernel: Kernel, options: PcheckOptions, error: unknown): void {
  if (!options.syslog) return;
  const reason = error instanceof ExitError ? error.summary : String(error);
  openSyslog(kernel, 'pcheck').write(message('cannotStart', { reason }));
}

/** What is wrong with a pfile begins with its own place. */
function failure(error: unknown): { readonly status: number; readonly text: string } {
  const { status, message: text } = toExitError(error);
  return { status, text: `${status === EXIT.badPfile ? '' : 'pcheck: '}${visibleLines(text)}\n` };
}

const undoEarlyDefect = onDefect((error) => {
  printError(`pcheck: a defect: ${error}\n`);
  exit(EXIT.defect);
});
main().then(exit, (error: unknown) => {
  const { status, text } = failure(error);
  printError(text);
  exit(status);
});
