// padmin: reads the command line, asks the pcheck of the pfile, prints its answer, sets the exit status.

import { visibleLines } from './log/visible.ts';
import { administrate } from './program/administrate.ts';
import { EXIT, toExitError } from './program/exit.ts';
import { readPadminOptions } from './program/padmin-options.ts';
import { exit, onDefect } from './system/real/signals.ts';
import { printError } from './system/real/terminal.ts';

async function main(): Promise<number> {
  const options = await readPadminOptions(process.argv.slice(2));
  return options === undefined ? EXIT.done : administrate(options);
}

onDefect((error) => {
  printError(`padmin: a defect: ${error}\n`);
  exit(EXIT.defect);
});
main().then(exit, (error: unknown) => {
  const { status, message } = toExitError(error);
  printError(`padmin: ${visibleLines(message)}\n`);
  exit(status);
});
