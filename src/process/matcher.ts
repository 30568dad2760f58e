// Decides whether a process is one that an entry means (SPEC 3). Pure: what the process is was read before,
// but for the executable's link, which is read only when all cheaper rules leave it open.
import { basename } from 'node:path';
import type { CommandLine } from './command-line.ts';
import type { ResolvedName } from './name.ts';

export type MatchRule = {
  readonly name: ResolvedName;
  /** Every one must occur in the command line, as bytes. */
  readonly includeStrings: readonly Buffer[];
  /** None of them may occur. */
  readonly excludeStrings: readonly Buffer[];
  /** The real uid that it must have. */
  readonly uid: number | undefined;
  /** The executable that it must have, links resolved. */
  readonly executable: string | undefined;
  readonly containers: 'exclude' | 'include';
};

export type Candidate = {
  readonly comm: string;
  readonly commandLine: CommandLine | undefined;
  readonly exe: () => string | undefined;
  readonly uid: () => number | undefined;
  readonly isInOwnNamespace: () => boolean;
};

export function matches(rule: MatchRule, candidate: Candidate): boolean {
  const joined = candidate.commandLine?.joined;
  return matchesStrings(rule, (text) => joined?.includes(text) ?? false) && matchesIdentity(rule, candidate);
}

/** All but the strings. */
export function matchesIdentity(rule: MatchRule, candidate: Candidate): boolean {
  const isNamed = rule.name.isPath
    ? matchesPath(rule.name, candidate)
    : matchesBaseName(rule.name.name, candidate);
  return isNamed && matchesOwner(rule, candidate);
}

/** `occurs`: whether a string is in the command line. */
export function matchesStrings(
  { includeStrings, excludeStrings }: MatchRule,
  occurs: (text: Buffer) => boolean,
): boolean {
  return includeStrings.every(occurs) && !excludeStrings.some(occurs);
}

/** What costs a further read, so it comes last. */
function matchesOwner(rule: MatchRule, candidate: Candidate): boolean {
  if (rule.executable !== undefined && withoutDeleted(candidate.exe() ?? '') !== rule.executable)
    return false;
  if (rule.uid !== undefined && candidate.uid() !== rule.uid) return false;
  return rule.containers === 'include' || candidate.isInOwnNamespace();
}

/** The kernel keeps 15 bytes of a command's name (TASK_COMM_LEN). */
const COMM_BYTES = 15;

function matchesBaseName(name: string, { comm, commandLine }: Candidate): boolean {
  if (comm === name && Buffer.byteLength(name) <= COMM_BYTES) return true;
  const argv0 = commandLine?.argv[0];
  return argv0 !== undefined && basename(argv0) === name;
}

function matchesPath(name: ResolvedName, candidate: Candidate): boolean {
  const argv = candidate.commandLine?.argv ?? [];
  if (argv[0] === name.name) return true;
  if (runsAsScript(name, argv, candidate)) return true;
  const exe = candidate.exe();
  return exe !== undefined && name.executables.has(withoutDeleted(exe));
}

/** `interpreter [flag] NAME …` by the interpreter of NAME's own `#!` line, so that `vi NAME` is not it. */
function runsAsScript(name: ResolvedName, argv: readonly string[], candidate: Candidate): boolean {
  const [argv0, second, third] = argv;
  if (argv0 === undefined || name.interpreter === undefined) return false;
  const isNamed = second === name.name || (third === name.name && isInterpreterFlag(second ?? ''));
  if (!isNamed) return false;
  const { path, executable } = name.interpreter;
  // A login shell's argv[0] begins with a dash.
  const base = basename(argv0).replace(/^-/, '');
  if (base === basename(path)) return true;
  const exe = withoutDeleted(candidate.exe() ?? '');
  if (executable !== undefined) return exe === executable && base === basename(exe);
  // `env python3` may run python3.11: a version behind the name that `#!` gives.
  return /^[\d.]+$/.test(base.slice(basename(path).length)) && base.startsWith(basename(path));
}

/** A flag before the script, but not one that makes the next word program text or a module (`sh -lc NAME`, `python3 -m NAME`). */
function isInterpreterFlag(word: string): boolean {
  return word.startsWith('-') && !/^-[A-Za-z]*[cm][A-Za-z]*$/.test(word);
}

const DELETED = ' (deleted)';

/** After an upgrade of its file the kernel shows a running executable with this suffix (proc_pid_exe(5)). */
export function withoutDeleted(exe: string): string {
  return exe.endsWith(DELETED) ? exe.slice(0, -DELETED.length) : exe;
}
