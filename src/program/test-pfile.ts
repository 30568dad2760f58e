// pcheck -t: says whether a pfile is good, and runs nothing.

import { message } from '../log/catalogue.ts';
import { formatMessage } from '../log/format.ts';
import { visible } from '../log/visible.ts';
import { askSideBySide } from '../pfile/check/host-checks.ts';
import type { Pent, Pfile } from '../pfile/types.ts';
import { oldestRoot } from '../process/find.ts';
import type { Match } from '../process/types.ts';
import { NoAnswerError } from '../system/errors.ts';
import { createFileLookup } from '../system/real/files/file-lookup.ts';
import type { Kernel } from '../system/real/kernel.ts';
import { createMatchSystem } from '../system/real/system.ts';
import { printError, printOut } from '../system/real/terminal.ts';
import type { FileKind, FileLookup } from '../system/types.ts';
import { currentMatches } from './current-matches.ts';
import { dumpPlace, judgeDumpFolder } from './dump-folder.ts';
import { EXIT } from './exit.ts';
import { loadPfile } from './load-pfile.ts';

export async function testPfile(path: string, kernel: Kernel): Promise<number> {
  const files = createFileLookup(kernel.fileCalls);
  const { pfile, warnings } = await loadPfile(path, files);
  const names = await lookAtNames(pfile.pents, files);
  const matches = await currentMatches(createMatchSystem(kernel), pfile.pents);
  for (const warning of [...warnings, ...hopelessNames(pfile, names), ...sharedProcesses(pfile, matches)]) {
    printError(`${warning}\n`);
  }
  for (const warning of await dumpFolderWarnings(pfile, kernel)) printError(`${warning}\n`);
  const { length } = pfile.pents;
  printOut(`${visible(path)}: OK, ${length} ${length === 1 ? 'entry' : 'entries'}\n`);
  return EXIT.done;
}

/** What lies at each NAME that is a path, or that no answer came. */
type NameLook = FileKind | NoAnswerError | undefined;

function lookAtNames(pents: readonly Pent[], { kind }: FileLookup): Promise<NameLook[]> {
  return askSideBySide(pents, async ({ name }) => (name.includes('/') ? kind(name) : undefined));
}

async function dumpFolderWarnings({ path, parameters }: Pfile, kernel: Kernel): Promise<string[]> {
  const { warnings } = await judgeDumpFolder(dumpPlace(parameters.shmDumpFile, kernel), kernel);
  return warnings.map((warning) => `${visible(path)}: warning: ${formatMessage(warning)}`);
}

/** NAMEs that fit no process as they stand; the service may still have to be installed, so these are warnings. */
function hopelessNames({ path, pents }: Pfile, names: readonly NameLook[]): string[] {
  return pents.flatMap(({ name, line }, index) => {
    const look = names[index];
    if (look === undefined || look === 'file') return [];
    return [`${visible(path)}:${line}: warning: NAME ${visible(name)} ${nameProblem(name, look)}`];
  });
}

function nameProblem(name: string, look: FileKind | NoAnswerError): string {
  if (look instanceof NoAnswerError) return `cannot be looked at (${visible(look.message)})`;
  const advice = /[ \t]/.test(name)
    ? 'NAME is the program alone, write its arguments as include_strings'
    : 'no process will match, unless its argv[0] is just that';
  return `is not a file on this machine: ${advice}`;
}

/** Entries that would hold the same process, of those that run just now (SPEC 3). */
function sharedProcesses({ path, pents }: Pfile, matches: readonly (readonly Match[])[]): string[] {
  const holders = new Map<number, number>();
  return pents.flatMap(({ line }, index) => {
    const pid = oldestRoot(matches[index] ?? [])?.pid;
    if (pid === undefined) return [];
    const first = holders.get(pid);
    holders.set(pid, first ?? index);
    if (first === undefined) return [];
    const text = formatMessage(message('heldTwice', { first: first + 1, second: index + 1, pid }));
    return [`${visible(path)}:${line}: warning: ${text}`];
  });
}
