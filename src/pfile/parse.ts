// The text of a pfile to its values and every mistake that the text alone shows. Pure: users and files are the
// matter of lookup.ts and check.ts.
import { classifyLine, type PentLine } from './classify.ts';
import { contentLines } from './lines.ts';
import { type ParameterLine, type ReadParameters, readParameters } from './parameters.ts';
import { type ReadPent, readPent } from './pent.ts';
import { inFileOrder, reportInto } from './report.ts';
import type { Diagnostic } from './types.ts';

/** Values that had a mistake hold a stand-in: usable only when no diagnostic is an error. */
export type ParsedPfile = {
  readonly parameters: ReadParameters;
  readonly pents: readonly ReadPent[];
  readonly diagnostics: readonly Diagnostic[];
};

export function parsePfile(text: string): ParsedPfile {
  const diagnostics: Diagnostic[] = [];
  const report = reportInto(diagnostics);
  const lines = contentLines(text, report)
    .map((line) => classifyLine(line, report))
    .filter((line) => line !== undefined);
  // All of PARAM first: its MONITOR_INTERVAL is a default of entries that may stand above it.
  const parameters = readParameters(lines.filter(isParameterLine), report);
  const pents = lines
    .filter(isPentLine)
    .map((line, index) => readPent(line, index + 1, parameters.values, report));
  if (pents.length === 0) {
    const text =
      'there is no PENT line: add one such as "/usr/sbin/NAME:/path/to/restart_script:86400:3:exit"';
    report.error({ line: 1, column: 1 }, 'no-pent', text);
  }
  return { parameters, pents, diagnostics: inFileOrder(diagnostics) };
}

function isParameterLine(line: ParameterLine | PentLine): line is ParameterLine {
  return line.kind === 'parameter';
}

function isPentLine(line: ParameterLine | PentLine): line is PentLine {
  return line.kind === 'pent';
}
