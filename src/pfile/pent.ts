// One PENT line: its five fields, each with its rule and default, and then its options (options.ts).
// Whether the script is there is the matter of check.ts.
import type { PentLine } from './classify.ts';
import { type ReadCommand, readCommand } from './command.ts';
import { explainLookalike, findLookalike } from './lookalikes.ts';
import { type NumberRule, readNumber, wholeNumber, wholeSeconds } from './numbers.ts';
import { readOptions } from './options.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { cut, indexesOf, type Span, splitAt, trimBlanks, unescapedColons } from './span.ts';
import { readPlainText } from './strings.ts';
import type { Parameters, Pent, RetryOverAction } from './types.ts';

export type ReadPent = {
  readonly pent: Pent;
  readonly name: Span;
  /** Where the options stand that have to be looked up on the disk. */
  readonly user: Span | undefined;
  readonly exe: Span | undefined;
  readonly pidfile: Span | undefined;
  /** SCRIPT and the commands among the options, as far as they are usable. */
  readonly commands: readonly ReadCommand[];
};

const FIELDS: readonly string[] = ['NAME', 'SCRIPT', 'GRACE', 'RETRY', 'ACTION'];
const ACTIONS: readonly RetryOverAction[] = ['exit', 'continue', 'shutdown'];

const GRACE = wholeSeconds(0, 315_360_000);
const GRACE_SECONDS_DEFAULT = 86_400;
const RETRY = wholeNumber(0, 1_000_000);
const RETRY_DEFAULT = 3;

export function readPent(
  { content }: PentLine,
  id: number,
  parameters: Parameters,
  report: Report,
): ReadPent {
  const fields = splitAt(content, fieldColons(content, report)).map(trimBlanks);
  const [name = content, script, grace, retry, action, ...options] = fields;
  reportMissingFields(content, fields.length, report);
  const command = script && readCommand('SCRIPT', script, report);
  const pent = {
    id,
    line: content.line,
    name: readName(name, report),
    script: command?.script ?? { path: '', arguments: [] },
    graceSeconds: readField('GRACE', grace, GRACE, GRACE_SECONDS_DEFAULT, report),
    retry: readField('RETRY', retry, RETRY, RETRY_DEFAULT, report),
    action: readAction(action, parameters, report),
  };
  const { values, user, exe, pidfile, commands } = readOptions(options, parameters, report);
  return {
    pent: { ...pent, ...values },
    name,
    user,
    exe,
    pidfile,
    commands: command ? [command, ...commands] : commands,
  };
}

/** The colons between the fields; a full-width one is reported, and counts only where an ordinary one lacks. */
function fieldColons(content: Span, report: Report): number[] {
  const colons = unescapedColons(content.raw);
  const lacking = Math.max(0, FIELDS.length - 1 - colons.length);
  const fullWidth = indexesOf(content.raw, '\uFF1A').slice(0, lacking);
  for (const index of fullWidth) {
    const place = cut(content, index, index + 1);
    report.error(place, 'lookalike', `the fields are separated by ${explainLookalike(place.raw)}`);
  }
  return [...colons, ...fullWidth].sort((a, b) => a - b);
}

function reportMissingFields(content: Span, given: number, report: Report): void {
  const missing = FIELDS.slice(given);
  if (missing.length === 0) return;
  const rule = 'a field may be empty, but its ":" may not be left out';
  const text = `missing ${missing.join(', ')} (expected ${FIELDS.join(':')}, got ${given} of 5 fields): ${rule}`;
  report.error(cut(content, content.raw.length), 'missing-fields', text);
}

function readName(name: Span, report: Report): string {
  if (name.raw === '') {
    report.error(name, 'empty-name', 'NAME is empty (expected the path or name of the process to watch)');
  }
  return readPlainText('NAME', name, report);
}

function readField(
  what: string,
  field: Span | undefined,
  rule: NumberRule,
  whenEmpty: number,
  report: Report,
): number {
  return field === undefined || field.raw === ''
    ? whenEmpty
    : readNumber(what, field, rule, whenEmpty, report);
}

function readAction(
  field: Span | undefined,
  { shutdownCommand }: Parameters,
  report: Report,
): RetryOverAction {
  if (field === undefined || field.raw === '') return 'exit';
  const word = field.raw.toLowerCase();
  const action = ACTIONS.find((known) => known === word);
  if (action === 'shutdown' && shutdownCommand === undefined) {
    const text =
      'the action shutdown needs SHUTDOWN_COMMAND: add a line such as "SHUTDOWN_COMMAND /sbin/poweroff"';
    report.error(field, 'action-needs-command', text);
  }
  if (action) return action;
  const lookalike = findLookalike(field);
  const got = `expected exit, continue or shutdown, got ${quote(field.raw)}`;
  if (lookalike) {
    report.error(lookalike, 'lookalike', `ACTION has ${explainLookalike(lookalike.raw)} (${got})`);
  } else {
    const advice = word.includes('=') ? ': an option comes after ACTION, write "::" for an empty one' : '';
    report.error(field, 'bad-action', `unknown action (${got})${advice}`);
  }
  return 'exit';
}
