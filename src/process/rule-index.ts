// Finds the rules that may fit a process without asking each of them: by the names that they go by. What it finds is
// only a candidate; matcher.ts judges. What it does not find, no rule fits.
import { basename } from 'node:path';
import { type Candidate, type MatchRule, withoutDeleted } from './matcher.ts';

export type RuleIndex = {
  readonly hasPaths: boolean;
  /** Keys of rules, each once. */
  candidates(comm: string, argv: readonly string[], exe: string | undefined): readonly number[];
  /** Whether some rule may fit a process of this user and executable, whatever its command line is. */
  mayFit(owner: Owner): boolean;
};

type Owner = Pick<Candidate, 'uid' | 'exe'>;

export function createRuleIndex(rules: ReadonlyMap<number, MatchRule>): RuleIndex {
  const byBaseName = new Map<string, number[]>();
  const byPath = new Map<string, number[]>();
  const byExecutable = new Map<string, number[]>();
  for (const [key, { name }] of rules) {
    add(name.isPath ? byPath : byBaseName, name.name, key);
    for (const executable of name.executables) add(byExecutable, executable, key);
  }
  const all = [...rules.values()];
  const isOpen = all.some(({ uid, executable }) => uid === undefined && executable === undefined);
  return {
    hasPaths: byPath.size > 0,
    candidates(comm, [argv0, argv1, argv2], exe) {
      const found = [
        byBaseName.get(comm),
        argv0 === undefined ? undefined : byBaseName.get(basename(argv0)),
        exe === undefined ? undefined : byExecutable.get(withoutDeleted(exe)),
        byPath.get(argv0 ?? ''),
        byPath.get(argv1 ?? ''),
        byPath.get(argv2 ?? ''),
      ].filter((keys) => keys !== undefined);
      return found.length <= 1 ? (found[0] ?? NONE) : [...new Set(found.flat())];
    },
    mayFit: (owner) => isOpen || all.some((rule) => isPossible(rule, owner)),
  };
}

/** What user and executable leave open, whatever the command line is. */
export function isPossible(rule: MatchRule | undefined, { uid, exe }: Owner): boolean {
  if (rule === undefined) return false;
  if (rule.executable !== undefined && withoutDeleted(exe() ?? '') !== rule.executable) return false;
  return rule.uid === undefined || uid() === rule.uid;
}

const NONE: readonly number[] = [];

function add(index: Map<string, number[]>, name: string, key: number): void {
  const keys = index.get(name);
  if (keys === undefined) index.set(name, [key]);
  else if (keys.at(-1) !== key) keys.push(key);
}
