// The rules that command lines are compared with, by their keys. Which process is asked for its line: read-lines.ts.
import { type Candidate, type MatchRule, matchesIdentity, matchesStrings } from '../matcher.ts';
import { createRuleIndex, isPossible } from '../rule-index.ts';

/** A rule and the key that it goes by. */
export type KeyedRule = {
  readonly key: number;
  readonly rule: MatchRule;
};

export type LineRules = {
  /** The rules from now on; whether some are new. */
  set(keyed: readonly KeyedRule[]): boolean;
  /** Whether some rule may fit it, whatever its command line is. */
  mayFit(owner: Omit<Candidate, 'commandLine'>): boolean;
  /** Likewise this rule. */
  isPossible(key: number, owner: Omit<Candidate, 'commandLine'>): boolean;
  /** Whose rule has its name, user and executable. */
  named(candidate: Candidate): readonly number[];
  /** What is to be searched for; the same array for one rule, since what is prepared for a search is kept. */
  stringsOf(keys: readonly number[]): readonly Buffer[];
  /** Of those that are named: whose strings fit. */
  fitting(named: readonly number[], occurs: (text: Buffer) => boolean): readonly number[];
};

const NONE: readonly never[] = [];

/** `onGone`: the rule is no more. */
export function createLineRules(onGone: (key: number) => void): LineRules {
  let rules: ReadonlyMap<number, MatchRule> = new Map();
  let strings: ReadonlyMap<number, readonly Buffer[]> = new Map();
  let ordered: readonly MatchRule[] = [];
  let index = createRuleIndex(rules);
  return {
    set(keyed) {
      if (keyed.length === ordered.length && keyed.every(({ rule }, at) => rule === ordered[at]))
        return false;
      ordered = keyed.map(({ rule }) => rule);
      const next = new Map(keyed.map(({ key, rule }) => [key, rule]));
      const hasNew = [...next].some(([key, rule]) => rules.get(key) !== rule);
      for (const key of rules.keys()) if (!next.has(key)) onGone(key);
      rules = next;
      strings = new Map(
        [...next].map(([key, rule]) => [key, [...rule.includeStrings, ...rule.excludeStrings]]),
      );
      index = createRuleIndex(rules);
      return hasNew;
    },
    mayFit: (owner) => index.mayFit(owner),
    isPossible: (key, owner) => isPossible(rules.get(key), owner),
    named(candidate) {
      const { comm, commandLine, exe } = candidate;
      // A further read, made only where a rule goes by it.
      const executable = index.hasPaths ? exe() : undefined;
      return index.candidates(comm, commandLine?.argv ?? NONE, executable).filter((key) => {
        const rule = rules.get(key);
        return rule !== undefined && matchesIdentity(rule, candidate);
      });
    },
    stringsOf(keys) {
      const found = keys.map((key) => strings.get(key) ?? NONE);
      return found.length === 1 ? (found[0] ?? NONE) : found.flat();
    },
    fitting: (named, occurs) =>
      named.filter((key) => {
        const rule = rules.get(key);
        return rule !== undefined && matchesStrings(rule, occurs);
      }),
  };
}
