// Reads a pfile: text, then values, then what lies on the disk and who owns it. The way in for pcheck; padmin uses lenient.ts.
import type { Files } from '../system/types.ts';
import { checkPfile } from './check.ts';
import { reportSameEntries } from './identity.ts';
import { lookUp } from './lookup.ts';
import { parsePfile } from './parse.ts';
import { inFileOrder, isError, reportInto } from './report.ts';
import { checkTrust } from './trust.ts';
import type { Diagnostic, Pfile } from './types.ts';

/** `text` is what was read, for formatDiagnostic; a refused pfile's diagnostics hold its warnings too. */
export type PfileReading =
  | {
      readonly ok: true;
      readonly pfile: Pfile;
      readonly warnings: readonly Diagnostic[];
      readonly text: string;
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly text: string };

/** Throws only what `files.readOwned` throws: a pfile that cannot be read at all is not a bad pfile. */
export function readPfile(path: string, files: Files): PfileReading {
  const { text, owner } = files.readOwned(path);
  const { parameters, pents: parsed, diagnostics: inText } = parsePfile(text);
  const diagnostics = [...inText];
  const report = reportInto(diagnostics);
  const pents = lookUp(parsed, files, report);
  reportSameEntries(pents, report);
  checkPfile(path, parameters, pents, files, report);
  const commands = pents.flatMap((pent) => pent.commands);
  const { shutdownCommand, values } = parameters;
  checkTrust(path, owner, shutdownCommand ? [shutdownCommand, ...commands] : commands, files, report);
  const ordered = inFileOrder(diagnostics);
  if (ordered.some(isError)) return { ok: false, diagnostics: ordered, text };
  return {
    ok: true,
    // Under its real path, so that every way to name it is the same pfile.
    pfile: { path: files.resolve(path) ?? path, parameters: values, pents: pents.map(({ pent }) => pent) },
    warnings: ordered,
    text,
  };
}
