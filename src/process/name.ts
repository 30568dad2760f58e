// What a NAME of a pfile stands for on this machine just now: the executable behind its links, and for a
// script the interpreter of its own `#!` line (SPEC 3). How a process is compared with it: matcher.ts.
import { basename } from 'node:path';
import type { Files } from '../system/types.ts';

export type ResolvedName = {
  readonly name: string;
  /** NAME has a slash: a path, else a base name or comm. */
  readonly isPath: boolean;
  /** NAME and what it resolves to; a switched link (alternatives) adds to it, so that a process held under the old target stays held. */
  readonly executables: ReadonlySet<string>;
  readonly interpreter: Interpreter | undefined;
};

export type Interpreter = {
  readonly path: string;
  readonly executable: string | undefined;
};

/** `before`, when nothing has changed since. */
export function resolveName(name: string, files: Files, before?: ResolvedName): ResolvedName {
  if (!name.includes('/')) {
    return before ?? { name, isPath: false, executables: new Set(), interpreter: undefined };
  }
  const target = files.resolve(name);
  const interpreter = readInterpreter(name, files) ?? before?.interpreter;
  const hasSameTarget = target === undefined || before?.executables.has(target);
  if (hasSameTarget && before !== undefined && isSame(interpreter, before.interpreter)) return before;
  const executables = new Set([...(before?.executables ?? []), name]);
  if (target !== undefined) executables.add(target);
  return { name, isPath: true, executables, interpreter };
}

function isSame(one: Interpreter | undefined, other: Interpreter | undefined): boolean {
  return one?.path === other?.path && one?.executable === other?.executable;
}

/** The kernel reads at most this much of the `#!` line (BINPRM_BUF_SIZE). */
const SHEBANG_BYTES = 256;

function readInterpreter(name: string, files: Files): Interpreter | undefined {
  const head = files.readHead(name, SHEBANG_BYTES);
  if (head === undefined || !head.startsWith('#!')) return undefined;
  const words = (head.slice(2).split('\n')[0] ?? '').trim().split(/[ \t]+/);
  const first = words[0];
  if (first === undefined || first === '') return undefined;
  if (basename(first) !== 'env') return { path: first, executable: files.resolve(first) };
  // env(1) replaces itself by the program that it names: options and NAME=VALUE come before it.
  const program = words.slice(1).find((word) => !word.startsWith('-') && !word.includes('='));
  return program === undefined ? undefined : { path: program, executable: undefined };
}
