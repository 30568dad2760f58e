// What only the disk can tell about a parsed pfile: is each script there and can it be run, can the dump file
// be a file, is an option's path what it has to be. Who else may change them is the matter of trust.ts.
import type { FileKind, Files } from '../system/types.ts';
import type { ReadCommand } from './command.ts';
import type { ReadParameters } from './parameters.ts';
import type { ReadPent } from './pent.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Span } from './span.ts';
import type { DiagnosticCode } from './types.ts';

/** `path` is the pfile's own: the dump file must not be it. */
export function checkPfile(
  path: string,
  { dumpFile, shutdownCommand }: ReadParameters,
  pents: readonly ReadPent[],
  files: Files,
  report: Report,
): void {
  const ofPents = pents.flatMap(({ commands }) => commands);
  const commands = shutdownCommand ? [shutdownCommand, ...ofPents] : ofPents;
  if (dumpFile) checkDumpFile(dumpFile, [path, ...commands.map(({ script }) => script.path)], files, report);
  for (const command of commands) checkCommand(command, files, report);
  for (const { exe, pidfile } of pents) {
    if (exe?.raw.startsWith('/')) checkExe(exe, files, report);
    if (pidfile) checkPidfile(pidfile, files, report);
  }
}

function checkDumpFile(dumpFile: Span, inUse: readonly string[], files: Files, report: Report): void {
  const kind = files.kind(dumpFile.raw);
  const resolved = files.resolve(dumpFile.raw);
  const what = `SHM_DUMP_FILE ${quote(dumpFile.raw)}`;
  // A missing one is made at the first dump, and an unreadable one gets its own exit status there.
  if (kind === 'directory' || kind === 'other' || dumpFile.raw.endsWith('/')) {
    report.error(dumpFile, 'dump-not-file', `${what} is not a regular file: name a file, not a directory`);
  } else if (resolved !== undefined && inUse.some((path) => files.resolve(path) === resolved)) {
    // The dump is renamed into place: it would replace what it names.
    const text = `${what} is this pfile or a command in it and would be overwritten: name a file of its own`;
    report.error(dumpFile, 'dump-in-use', text);
  }
}

function checkCommand({ what, at, script }: ReadCommand, files: Files, report: Report): void {
  const { path } = script;
  const [code, reason] = scriptProblem(files.kind(path));
  if (code) {
    report.error(at, code, `${what} ${quote(path)} ${reason}`);
  } else if (!files.isExecutable(path)) {
    report.error(at, 'script-not-executable', `${what} ${quote(path)} is not executable: chmod +x it`);
  }
}

function scriptProblem(kind: FileKind): [DiagnosticCode, string] | [] {
  switch (kind) {
    case 'file':
      return [];
    case 'missing':
      return ['script-missing', 'does not exist: check the path, arguments come after a blank'];
    case 'unreadable':
      return ['script-unreadable', 'cannot be looked at: a directory above it may not be entered'];
    case 'directory':
      return ['script-not-file', 'is a directory (expected a regular file)'];
    case 'other':
      return ['script-not-file', 'is not a regular file'];
  }
}

function checkExe(exe: Span, files: Files, report: Report): void {
  const what = `option exe: ${quote(exe.raw)}`;
  const kind = files.kind(exe.raw);
  if (kind === 'missing' || kind === 'unreadable') {
    // Not an error, as for NAME: the service may lie on a disk that only the active node has mounted.
    const text = `${what} does not exist, or cannot be looked at: nothing matches until it is there`;
    report.warning(exe, 'exe-missing', text);
  } else if (kind !== 'file') {
    report.error(exe, 'not-file', `${what} is not a regular file (expected the executable of a process)`);
  } else if (files.readHead(exe.raw, 2) === '#!') {
    const text = `${what} is a script, and the executable of its process is the interpreter`;
    report.error(exe, 'exe-is-script', `${text}: write that, and the script as NAME`);
  }
}

/** It comes and goes with the service, and so may the directory that it is in. */
function checkPidfile(pidfile: Span, files: Files, report: Report): void {
  const kind = files.kind(pidfile.raw);
  if (kind !== 'directory' && kind !== 'other') return;
  const text = `option pidfile: ${quote(pidfile.raw)} is not a regular file (expected one that holds a pid)`;
  report.error(pidfile, 'not-file', text);
}
