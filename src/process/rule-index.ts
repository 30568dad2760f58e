// Finds the rules that may fit a process without asking each of them: by hashes of the names that they go by. What
// it finds is only a candidate; matcher.ts judges. What it does not find, no rule fits.
import { hashBytes, hashText } from './hash.ts';
import type { LineHashes } from './line-hashes.ts';
import type { MatchRule } from './matcher.ts';

export type RuleIndex = {
  readonly hasPaths: boolean;
  /** Keys of rules, each once. `exe`: the hash of the executable's path, where there is a rule that goes by paths. */
  candidates(comm: number, line: LineHashes | undefined, exe: number | undefined): readonly number[];
};

export function createRuleIndex(rules: ReadonlyMap<number, MatchRule>): RuleIndex {
  const byBaseName = new Map<number, number[]>();
  const byPath = new Map<number, number[]>();
  const byExecutable = new Map<number, number[]>();
  for (const [key, { name }] of rules) {
    add(name.isPath ? byPath : byBaseName, hashText(name.name), key);
    for (const executable of name.executables) add(byExecutable, hashText(executable), key);
  }
  return {
    hasPaths: byPath.size > 0,
    candidates(comm, line, exe) {
      const [first, second, third] = line?.arguments ?? [];
      const found = [
        byBaseName.get(comm),
        line && byBaseName.get(line.baseName),
        byExecutable.get(exe ?? Number.NaN),
        byPath.get(first ?? Number.NaN),
        byPath.get(second ?? Number.NaN),
        byPath.get(third ?? Number.NaN),
      ].filter((keys) => keys !== undefined);
      return found.length <= 1 ? (found[0] ?? NONE) : [...new Set(found.flat())];
    },
  };
}

const NONE: readonly number[] = [];

function add(index: Map<number, number[]>, hash: number, key: number): void {
  const keys = index.get(hash);
  if (keys === undefined) index.set(hash, [key]);
  else if (keys.at(-1) !== key) keys.push(key);
}

const DELETED = Buffer.from(' (deleted)');
const CLOSING_PARENTHESIS = 0x29;

/** Of an executable's path as the kernel shows it, without the mark of a file that was replaced. */
export function hashExecutable(bytes: Buffer, length: number): number {
  const to = length - DELETED.length;
  const isDeleted =
    to > 0 &&
    bytes[length - 1] === CLOSING_PARENTHESIS &&
    bytes.compare(DELETED, 0, DELETED.length, to, length) === 0;
  return hashBytes(bytes, 0, isDeleted ? to : length);
}
