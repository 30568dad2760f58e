// What padmin is asked to do, by its command line (SPEC 6). The plain form, which cluster monitors give every few
// seconds, is read here; all others are commander's (command-line.ts), which is a millisecond to load.
import { COMMANDS, type CommandName } from '../control/question.ts';
import { nearest } from '../pfile/nearest.ts';
import { EXIT, ExitError } from './exit.ts';

export type PadminOptions = {
  readonly file: string;
  readonly command: CommandName;
  readonly pentId: number | undefined;
  readonly json: boolean;
  /** The dump file is read instead of asking. */
  readonly last: boolean;
};

/** As they stand on the command line. */
export type GivenToPadmin = {
  readonly file: string;
  readonly command: readonly string[];
  readonly id?: string;
  readonly json?: true;
  readonly last?: true;
};

/** Undefined when help or the version was asked for and shown. */
export async function readPadminOptions(words: readonly string[]): Promise<PadminOptions | undefined> {
  const options = plainOptions(words) ?? (await import('./command-line.ts')).readPadminWords(words);
  if (options === undefined) return undefined;
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

/** `-f PFILE -c WORDS`, as it is; undefined for anything else. */
export function plainOptions([first, file, second, ...command]: readonly string[]):
  | GivenToPadmin
  | undefined {
  const isPlain =
    first === '-f' &&
    second === '-c' &&
    file !== undefined &&
    command.length > 0 &&
    [file, ...command].every(isPlainWord);
  return isPlain ? { file, command } : undefined;
}

/** No option, and no dash that was meant to be one (dashes.ts). */
function isPlainWord(word: string): boolean {
  return /^[\w/]/.test(word);
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
