// What is psaver's own and therefore never a match: pcheck, padmin, and restart scripts in progress (SPEC 3).
import { basename } from 'node:path';
import type { CommandLine } from './command-line.ts';
import type { Match } from './types.ts';

/** A script that pcheck started: its pid is its session too (SPEC 4, "Running a script"). */
export type RunningScript = {
  readonly session: number;
  readonly path: string;
};

const PROGRAMS: readonly string[] = ['pcheck.cjs', 'padmin.cjs'];

/** Any pcheck or padmin of this machine: Node with one of the two programs among its first arguments. */
export function isPsaver({ argv }: CommandLine): boolean {
  return (
    basename(argv[0] ?? '') === 'node' && argv.slice(1).some((word) => PROGRAMS.includes(basename(word)))
  );
}

/** At most `sh -c STEPS` comes before it (script-shell.ts). */
const SCRIPT_BEFORE = 4;

/**
 * The script's shell and its subshells, as long as their command line is still the script's. One that has
 * become the service by exec is no longer it; neither is a program that is itself the SCRIPT of its entry.
 */
export function isScriptInProgress(
  { session: own }: Pick<Match, 'session'>,
  { argv }: CommandLine,
  scripts: readonly RunningScript[],
): boolean {
  return scripts.some(({ session, path }) => own === session && argv.slice(1, SCRIPT_BEFORE).includes(path));
}
