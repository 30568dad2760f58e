// Reads a pfile: text, then values, then what lies on the disk and who owns it. The way in for pcheck; padmin uses lenient.ts.
import type { FileLookup } from '../system/types.ts';
import { cachedLookup } from './check/cached-lookup.ts';
import { runChecks } from './check/host-checks.ts';
import { dumpFileCheck, fileChecks } from './check.ts';
import { reportSameEntries } from './identity.ts';
import { lookUp } from './lookup.ts';
import { parsePfile } from './parse.ts';
import { inFileOrder, isError, reportInto } from './report.ts';
import { trustChecks } from './trust.ts';
import type { Diagnostic, Pfile } from './types.ts';

/** `text` is what was read, for diagnosticFormatter; a refused pfile's diagnostics hold its warnings too. */
export type PfileReading =
  | {
      readonly ok: true;
      readonly pfile: Pfile;
      readonly warnings: readonly Diagnostic[];
      readonly text: string;
    }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[]; readonly text: string };

/** Rejects only as `files.readOwned` does: a pfile that cannot be read at all is not a bad pfile. */
export async function readPfile(path: string, files: FileLookup): Promise<PfileReading> {
  const host = cachedLookup(files);
  const { text, owner } = await host.readOwned(path);
  const { parameters, pents: parsed, diagnostics: inText } = parsePfile(text);
  const diagnostics = [...inText];
  const report = reportInto(diagnostics);
  const { shutdownCommand, dumpFile, values } = parameters;
  const ofPents = parsed.flatMap((pent) => pent.commands);
  const commands = shutdownCommand ? [shutdownCommand, ...ofPents] : ofPents;
  const looked = lookUp(parsed, host);
  const inUse = [path, ...commands.map(({ script }) => script.path)];
  const checks = [
    ...looked.checks,
    ...fileChecks(commands, parsed, host),
    ...trustChecks(path, owner, commands, host),
    ...(dumpFile ? [dumpFileCheck(dumpFile, inUse, host)] : []),
  ];
  await runChecks(checks, report);
  const pents = looked.pents();
  reportSameEntries(pents, report);
  const ordered = inFileOrder(diagnostics);
  if (ordered.some(isError)) return { ok: false, diagnostics: ordered, text };
  return {
    ok: true,
    // Under its real path, so that every way to name it is the same pfile.
    pfile: {
      path: (await host.resolve(path)) ?? path,
      parameters: values,
      pents: pents.map(({ pent }) => pent),
    },
    warnings: ordered,
    text,
  };
}
