// pcheck: reads the command line, then checks a pfile (-t) or watches its processes, and sets the exit status.
import { message } from './log/catalogue.ts';
import { type PcheckOptions, readPcheckOptions } from './program/command-line.ts';
import { runDaemon } from './program/daemon.ts';
import { EXIT, ExitError } from './program/exit.ts';
import { loadPfile } from './program/load-pfile.ts';
import { openSyslog } from './program/open-syslog.ts';
import { testPfile } from './program/test-pfile.ts';
import { errorCode } from './system/errors.ts';
import { type Kernel, loadKernel } from './system/real/kernel.ts';
import { exit, exitOnStopSignals, ignoreStraySignals } from './system/real/signals.ts';
import { realSystem } from './system/real/system.ts';
import { printError } from './system/real/terminal.ts';

async function main(): Promise<number> {
  const options = readPcheckOptions(process.argv.slice(2));
  if (options === undefined) return EXIT.done;
  if (options.test) return testPfile(options.file);
  ignoreStraySignals();
  const undoEarlyExit = exitOnStopSignals(EXIT.done);
  const kernel = await requireKernel();
  try {
    return await runDaemon(loadPfile(options.file, realSystem.files), options, kernel, undoEarlyExit);
  } catch (error) {
    tellSyslog(kernel, options, error);
    throw error;
  }
}

async function requireKernel(): Promise<Kernel> {
  try {
    return await loadKernel();
  } catch (error) {
    throw new ExitError(
      EXIT.defect,
      `koffi cannot be loaded (is psaver installed whole?): ${errorCode(error)}`,
    );
  }
}

/** A cluster sees only that pcheck ended; the reason has to be where the operator looks. */
function tellSyslog(kernel: Kernel, options: PcheckOptions, error: unknown): void {
  if (!options.syslog) return;
  const reason = error instanceof ExitError ? error.summary : String(error);
  openSyslog(kernel, 'pcheck').write(message('cannotStart', { reason }));
}

main().then(exit, (error: unknown) => {
  const isExpected = error instanceof ExitError;
  printError(
    `${isExpected && error.status !== EXIT.badPfile ? 'pcheck: ' : ''}${isExpected ? error.message : `pcheck: ${String(error)}`}\n`,
  );
  exit(isExpected ? error.status : EXIT.defect);
});
