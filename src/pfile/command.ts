// A command line in a pfile (SCRIPT, check_cmd, retry_over_cmd, SHUTDOWN_COMMAND): an absolute path and
// arguments, split at blanks, without a shell. Whether it can be run is the matter of check.ts.
import { isAbsolutePath } from './paths.ts';
import type { Report } from './report.ts';
import { cut, type Span, unescapeField } from './span.ts';
import { warnOfQuotes } from './strings.ts';
import type { Script } from './types.ts';

/** A usable command line and where it stands; `what` is how it is called in the pfile. */
export type ReadCommand = {
  readonly what: string;
  readonly at: Span;
  readonly script: Script;
};

/** `decode` takes away what the kind of line hides in a word: the escapes of a PENT field, nothing in PARAM. */
export function readCommand(
  what: string,
  value: Span,
  report: Report,
  decode: (word: string) => string = unescapeField,
): ReadCommand | undefined {
  if (value.raw === '') {
    report.error(value, 'empty-script', `${what} is empty (expected the absolute path of an executable)`);
    return undefined;
  }
  const words = [...value.raw.matchAll(/[^ \t]+/g)].map((match) => match[0]);
  const [path = '', ...rest] = words.map(decode);
  // One warning is enough: a quoted argument with a blank in it is two words here.
  const quoted = value.raw.search(/[ \t]["']/);
  if (quoted !== -1) warnOfQuotes(`an argument of ${what}`, cut(value, quoted + 1), report);
  const isUsable = isAbsolutePath(what, { ...value, raw: words[0] ?? '' }, report);
  return isUsable ? { what, at: value, script: { path, arguments: rest } } : undefined;
}
