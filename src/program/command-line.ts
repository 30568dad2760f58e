// The command lines of both programs (SPEC 5, 6), read with commander; mistakes end with status 64.
import { Command, CommanderError } from 'commander';
import { COMMANDS } from '../control/question.ts';
import { printOut } from '../system/real/terminal.ts';
import { VERSION } from '../system/version.ts';
import { refuseForeignDashes } from './dashes.ts';
import { EXIT, EXITS, ExitError } from './exit.ts';
import type { GivenToPadmin } from './padmin-options.ts';

export type PcheckOptions = {
  readonly file: string;
  readonly test?: true;
  readonly jsonLog?: string;
  readonly syslog: boolean;
  readonly verbose?: true;
};

/** Undefined when help or the version was asked for and shown. */
export function readPcheckOptions(words: readonly string[]): PcheckOptions | undefined {
  const command = program('pcheck')
    .description(
      'Watches the processes of a pfile, restarts those that are gone, and ends when the retries are used up.',
    )
    .requiredOption('-f, --file <pfile>', 'the pfile')
    .option('-t, --test', 'check the pfile and run nothing')
    .option('--json-log <file>', 'append every message as a JSON line to this file too')
    .option('--no-syslog', 'do not write to /dev/log')
    .option('-v, --verbose', 'log more: every full check');
  return parse(command, words) ? command.opts<PcheckOptions>() : undefined;
}

/** Undefined when help or the version was asked for and shown. */
export function readPadminWords(words: readonly string[]): GivenToPadmin | undefined {
  const command = program('padmin')
    .description('Asks a running pcheck, or tells it what to do.')
    .requiredOption('-f, --file <pfile>', 'the pfile of the pcheck')
    .requiredOption('-c, --command <words...>', `one of: ${COMMANDS.join(', ')}`)
    .option('-i, --id <pent_id>', 'only this entry (show pent, stop, start, reset)')
    .option('--json', 'for programs: the answer of a show command as JSON')
    .option('--last', 'show pent: what pcheck had last written to its dump file, without asking it');
  return parse(command, words) ? command.opts<GivenToPadmin>() : undefined;
}

function program(name: keyof typeof EXITS): Command {
  return new Command(name)
    .version(`${name} (psaver) ${VERSION}`, '-V, --version')
    .helpOption('-h, --help')
    .addHelpText('after', `\nExit: ${EXITS[name].map(([status, words]) => `${status} ${words}`).join(', ')}`)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: printOut, writeErr: () => undefined });
}

function parse(command: Command, words: readonly string[]): boolean {
  refuseForeignDashes(words);
  try {
    command.parse(words, { from: 'user' });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    throw new ExitError(
      EXIT.usage,
      `${error.message.replace(/^error: /, '')}\nTry: ${command.name()} --help`,
    );
  }
}
