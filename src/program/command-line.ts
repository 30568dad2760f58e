// The command lines of both programs (SPEC 5, 6), read with commander; mistakes end with status 64.
import { Command, CommanderError } from 'commander';
import { COMMANDS, type CommandName } from '../control/question.ts';
import { nearest } from '../pfile/nearest.ts';
import { VERSION } from '../system/version.ts';
import { refuseForeignDashes } from './dashes.ts';
import { EXIT, EXITS, ExitError } from './exit.ts';

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

export type PadminOptions = {
  readonly file: string;
  readonly command: CommandName;
  readonly pentId: number | undefined;
  readonly json: boolean;
  /** The dump file is read instead of asking. */
  readonly last: boolean;
};

/** Undefined when help or the version was asked for and shown. */
export function readPadminOptions(words: readonly string[]): PadminOptions | undefined {
  const command = program('padmin')
    .description('Asks a running pcheck, or tells it what to do.')
    .requiredOption('-f, --file <pfile>', 'the pfile of the pcheck')
    .requiredOption('-c, --command <words...>', `one of: ${COMMANDS.join(', ')}`)
    .option('-i, --id <pent_id>', 'only this entry (show pent, stop, start, reset)')
    .option('--json', 'for programs: the answer of a show command as JSON')
    .option('--last', 'show pent: what pcheck had last written to its dump file, without asking it');
  if (!parse(command, words)) return undefined;
  const options = command.opts<{ file: string; command: string[]; id?: string; json?: true; last?: true }>();
  const name = commandName(options.command.join(' ').trim().replace(/\s+/g, ' '));
  refuseWhereMeaningless('-i', options.id !== undefined, name, FOR_ONE_ENTRY);
  refuseWhereMeaningless('--json', options.json ?? false, name, WITH_JSON);
  refuseWhereMeaningless('--last', options.last ?? false, name, WITH_LAST);
  return {
    file: options.file,
    command: name,
    pentId: options.id === undefined ? undefined : pentId(options.id),
    json: options.json ?? false,
    last: options.last ?? false,
  };
}

const FOR_ONE_ENTRY: readonly CommandName[] = ['show pent', 'stop', 'start', 'reset'];
const WITH_JSON: readonly CommandName[] = ['show pent', 'show param'];
const WITH_LAST: readonly CommandName[] = ['show pent'];

/** An option that would be ignored may have been meant to narrow what is done. */
function refuseWhereMeaningless(
  option: string,
  isGiven: boolean,
  command: CommandName,
  commands: readonly CommandName[],
): void {
  if (!isGiven || commands.includes(command)) return;
  throw new ExitError(
    EXIT.usage,
    `${option} does not go with "${command}" (only with ${commands.join(', ')}); nothing was done`,
  );
}

function program(name: keyof typeof EXITS): Command {
  return new Command(name)
    .version(`${name} (psaver) ${VERSION}`, '-V, --version')
    .helpOption('-h, --help')
    .addHelpText('after', `\nExit: ${EXITS[name].map(([status, words]) => `${status} ${words}`).join(', ')}`)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
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

function commandName(words: string): CommandName {
  const found = COMMANDS.find((name) => name === words);
  if (found !== undefined) return found;
  const near = nearest(words, COMMANDS);
  const hint = near === undefined ? '' : `, did you mean "${near}"?`;
  throw new ExitError(EXIT.usage, `unknown command "${words}"${hint} (one of: ${COMMANDS.join(', ')})`);
}

function pentId(word: string): number {
  if (/^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new ExitError(EXIT.usage, `-i expects a pent_id as shown by "show pent", got "${word}"`);
}
