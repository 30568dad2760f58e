// padmin: reads the command line, asks the pcheck of the pfile, prints its answer, sets the exit status.

import { administrate } from './program/administrate.ts';
import { EXIT, ExitError } from './program/exit.ts';
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
  printError(`padmin: ${error instanceof Error ? error.message : String(error)}\n`);
  exit(error instanceof ExitError ? error.status : EXIT.defect);
});
