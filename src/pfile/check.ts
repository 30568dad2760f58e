// What only the disk can tell about a parsed pfile: is each script there and can it be run, is the dump file none of
// them, is an option's path what it has to be. Who else may change them is the matter of trust.ts.
import { normalize } from 'node:path';
import type { FileKind, FileLookup } from '../system/types.ts';
import { FILE_ADVICE, type HostCheck } from './check/host-checks.ts';
import type { ReadCommand } from './command.ts';
import { walkPath } from './path-walk.ts';
import type { ReadPent } from './pent.ts';
import { quote } from './quote.ts';
import type { Span } from './span.ts';
import type { DiagnosticCode } from './types.ts';

export function fileChecks(
  commands: readonly ReadCommand[],
  pents: readonly ReadPent[],
  files: FileLookup,
): HostCheck[] {
  return [
    ...commands.map((command) => checkCommand(command, files)),
    ...pents.flatMap(({ exe, pidfile }) => [
      ...(exe?.raw.startsWith('/') ? [checkExe(exe, files)] : []),
      ...(pidfile ? [checkPidfile(pidfile, files)] : []),
    ]),
  ];
}

/**
 * By its name alone: its file system may hang, or others may lay something there (src/program/dump-folder.ts looks).
 * `inUse`: what it must not be.
 */
export function dumpFileCheck(dumpFile: Span, inUse: readonly string[], files: FileLookup): HostCheck {
  const what = `SHM_DUMP_FILE ${quote(dumpFile.raw)}`;
  const path = normalize(dumpFile.raw);
  return {
    place: dumpFile,
    what,
    advice: FILE_ADVICE,
    async ask() {
      const isInUse = await isOneOf(path, inUse, files);
      return (report) => {
        if (path.endsWith('/')) {
          report.error(
            dumpFile,
            'dump-not-file',
            `${what} is not a regular file: name a file, not a directory`,
          );
        } else if (isInUse) {
          // The dump is renamed into place: it would replace what it names.
          const text = `${what} is this pfile or a command in it and would be overwritten: name a file of its own`;
          report.error(dumpFile, 'dump-in-use', text);
        }
      };
    },
  };
}

async function isOneOf(path: string, others: readonly string[], files: FileLookup): Promise<boolean> {
  for (const other of new Set(others)) {
    if (normalize(other) === path || (await walkPath(other, files)).file === path) return true;
  }
  return false;
}

function checkCommand({ what: kindOfCommand, at, script }: ReadCommand, files: FileLookup): HostCheck {
  const { path } = script;
  const what = `${kindOfCommand} ${quote(path)}`;
  return {
    place: at,
    what,
    advice: FILE_ADVICE,
    async ask() {
      const [code, reason] = scriptProblem(await files.kind(path));
      const isExecutable = code !== undefined || (await files.isExecutable(path));
      return (report) => {
        if (code) report.error(at, code, `${what} ${reason}`);
        else if (!isExecutable) {
          report.error(at, 'script-not-executable', `${what} is not executable: chmod +x it`);
        }
      };
    },
  };
}

function scriptProblem(kind: FileKind): [DiagnosticCode, string] | [] {
  switch (kind) {
    case 'file':
      return [];
    case 'missing':
      return ['script-missing', 'does not exist: check the path, arguments come after a blank'];
    case 'unreadable':
      return [
        'script-unreadable',
        'cannot be looked at: a directory above it may not be entered, or the path is too long',
      ];
    case 'directory':
      return ['script-not-file', 'is a directory (expected a regular file)'];
    case 'other':
      return ['script-not-file', 'is not a regular file'];
  }
}

function checkExe(exe: Span, files: FileLookup): HostCheck {
  const what = `option exe: ${quote(exe.raw)}`;
  return {
    place: exe,
    what,
    advice: FILE_ADVICE,
    async ask() {
      const kind = await files.kind(exe.raw);
      const isScript = kind === 'file' && (await files.readHead(exe.raw, 2)) === '#!';
      return (report) => {
        if (kind === 'missing' || kind === 'unreadable') {
          // Not an error, as for NAME: the service may lie on a disk that only the active node has mounted.
          const text = `${what} does not exist, or cannot be looked at: nothing matches until it is there`;
          report.warning(exe, 'exe-missing', text);
        } else if (kind !== 'file') {
          report.error(
            exe,
            'not-file',
            `${what} is not a regular file (expected the executable of a process)`,
          );
        } else if (isScript) {
          const text = `${what} is a script, and the executable of its process is the interpreter`;
          report.error(exe, 'exe-is-script', `${text}: write that, and the script as NAME`);
        }
      };
    },
  };
}

/** It comes and goes with the service, and so may the directory that it is in. */
function checkPidfile(pidfile: Span, files: FileLookup): HostCheck {
  const what = `option pidfile: ${quote(pidfile.raw)}`;
  return {
    place: pidfile,
    what,
    advice: FILE_ADVICE,
    async ask() {
      const kind = await files.kind(pidfile.raw);
      return (report) => {
        if (kind !== 'directory' && kind !== 'other') return;
        report.error(pidfile, 'not-file', `${what} is not a regular file (expected one that holds a pid)`);
      };
    },
  };
}
