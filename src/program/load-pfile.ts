// Reads the pfile of a command line for pcheck, or ends the program with all that is wrong with it. What it warns
// of comes in two forms: for the one who typed a command, and for the log of a pcheck that runs.
import { type LogMessage, message } from '../log/catalogue.ts';
import { visible } from '../log/visible.ts';
import { diagnosticFormatter } from '../pfile/diagnostics.ts';
import { readPfile } from '../pfile/read.ts';
import { isError } from '../pfile/report.ts';
import type { Diagnostic, Pfile } from '../pfile/types.ts';
import type { FileLookup } from '../system/types.ts';
import { EXIT, ExitError } from './exit.ts';
import { unreadable } from './unreadable.ts';

/** Something that is no pfile at all has a mistake in every line. */
const SHOWN_MAXIMUM = 50;

export type LoadedPfile = {
  readonly pfile: Pfile;
  /** Formatted for people, one item a warning. */
  readonly warnings: readonly string[];
  /** The same for the log, a line each. */
  readonly messages: readonly LogMessage[];
};

export async function loadPfile(path: string, files: FileLookup): Promise<LoadedPfile> {
  try {
    const reading = await readPfile(path, files);
    const shown = (list: readonly Diagnostic[]) => [
      ...list.slice(0, SHOWN_MAXIMUM).map(diagnosticFormatter(path, reading.text)),
      ...(list.length > SHOWN_MAXIMUM ? [`${visible(path)}: … and ${list.length - SHOWN_MAXIMUM} more`] : []),
    ];
    if (reading.ok) {
      const { pfile, warnings } = reading;
      return { pfile, warnings: shown(warnings), messages: messagesOf(pfile.path, warnings) };
    }
    throw new ExitError(
      EXIT.badPfile,
      shown(reading.diagnostics).join('\n'),
      summary(path, reading.diagnostics),
    );
  } catch (error) {
    if (error instanceof ExitError) throw error;
    throw unreadable(path, error);
  }
}

function messagesOf(pfile: string, warnings: readonly Diagnostic[]): LogMessage[] {
  const messages: LogMessage[] = warnings
    .slice(0, SHOWN_MAXIMUM)
    .map(({ line, column, text }) => message('pfileWarning', { pfile, line, column, problem: text }));
  const count = warnings.length - SHOWN_MAXIMUM;
  return count > 0 ? [...messages, message('pfileMoreWarnings', { pfile, count })] : messages;
}

function summary(path: string, diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(isError);
  const [first] = errors;
  return `${path}: ${errors.length} error${errors.length === 1 ? '' : 's'}, line ${first?.line}: ${first?.text}`;
}
