// What a NAME of a pfile stands for on this machine just now: the executable behind its links, and for a
// script the interpreter of its own `#!` line (SPEC 3). How a process is compared with it: matcher.ts.
import { basename } from 'node:path';
import type { Lookups } from '../system/types.ts';

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

/** As it is written, before anything was looked up. */
export function unresolvedName(name: string): ResolvedName {
  const isPath = name.includes('/');
  return { name, isPath, executables: new Set(isPath ? [name] : []), interpreter: undefined };
}

/** Answers later, once, or never while the file system hangs; the same object as `before` when nothing has changed. */
export function resolveName(
  before: ResolvedName,
  lookups: Lookups,
  onAnswer: (name: ResolvedName) => void,
): void {
  const { name, isPath } = before;
  if (!isPath) {
    onAnswer(before);
    return;
  }
  lookups.resolve(name, (target) => {
    readInterpreter(name, lookups, (interpreter) => {
      onAnswer(resolved(before, target, interpreter ?? before.interpreter));
    });
  });
}

function resolved(
  before: ResolvedName,
  target: string | undefined,
  interpreter: Interpreter | undefined,
): ResolvedName {
  const hasSameTarget = target === undefined || before.executables.has(target);
  if (hasSameTarget && isSame(interpreter, before.interpreter)) return before;
  const executables = new Set(before.executables);
  if (target !== undefined) executables.add(target);
  return { ...before, executables, interpreter };
}

function isSame(one: Interpreter | undefined, other: Interpreter | undefined): boolean {
  return one?.path === other?.path && one?.executable === other?.executable;
}

/** The kernel reads at most this much of the `#!` line (BINPRM_BUF_SIZE). */
const SHEBANG_BYTES = 256;

function readInterpreter(
  name: string,
  lookups: Lookups,
  onAnswer: (interpreter: Interpreter | undefined) => void,
): void {
  lookups.readHead(name, SHEBANG_BYTES, (head) => {
    const words = interpreterWords(head);
    const [first] = words;
    if (first === undefined) {
      onAnswer(undefined);
      return;
    }
    if (basename(first) !== 'env') {
      lookups.resolve(first, (executable) => void onAnswer({ path: first, executable }));
      return;
    }
    // env(1) replaces itself by the program that it names: options and NAME=VALUE come before it.
    const program = words.slice(1).find((word) => !word.startsWith('-') && !word.includes('='));
    onAnswer(program === undefined ? undefined : { path: program, executable: undefined });
  });
}

function interpreterWords(head: string | undefined): readonly string[] {
  if (head === undefined || !head.startsWith('#!')) return [];
  const line = head.slice(2).split('\n')[0] ?? '';
  return line
    .trim()
    .split(/[ \t]+/)
    .filter((word) => word !== '');
}
