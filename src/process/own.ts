// What is psaver's own and therefore never a match: pcheck, padmin, and restart scripts in progress (SPEC 3).
import { basename } from 'node:path';
import type { CommandLine } from './command-line.ts';
import type { Match } from './types.ts';

/** The session of what pcheck has started. */
export type OwnSession = {
  readonly session: number;
  /** The restart script that runs in it; undefined for a check or command: nothing that it starts in its session is a service. */
  readonly script: string | undefined;
};

/** The last one is how Node is asked whether it can be used (bin/launch.sh). */
const PROGRAMS: readonly string[] = ['pcheck.cjs', 'padmin.cjs', 'psaver.cjs'];

/** Any pcheck or padmin of this machine: Node with one of the two programs among its first arguments. */
export function isPsaver({ argv }: CommandLine): boolean {
  return (
    basename(argv[0] ?? '') === 'node' && argv.slice(1).some((word) => PROGRAMS.includes(basename(word)))
  );
}

/** Behind the interpreter, and a flag or two of it (`env -S`). */
const SCRIPT_BEFORE = 4;

/** Whoever is in the session of a check or command, whatever its command line. */
export function isOfCommand(
  { session: own }: Pick<Match, 'session'>,
  sessions: readonly OwnSession[],
): boolean {
  return sessions.some(({ session, script }) => own === session && script === undefined);
}

/**
 * Also the script's shell and its subshells, as long as their command line is still the script's. One that has
 * become the service by exec is no longer it; neither is a program that is itself the SCRIPT of its entry.
 */
export function isScriptInProgress(
  match: Pick<Match, 'session'>,
  argv: readonly string[],
  sessions: readonly OwnSession[],
): boolean {
  if (isOfCommand(match, sessions)) return true;
  return sessions.some(
    ({ session, script }) =>
      script !== undefined && match.session === session && argv.slice(1, SCRIPT_BEFORE).includes(script),
  );
}
