// NAME, exe and pidfile of the entries, on file systems that may hang: each is asked for once at a time, and an entry
// waits a moment for the answer. What does not come is taken as it was known last; a pidfile, as missing.
import { type Awaited, awaitedSince, isInTime } from '../../process/awaited.ts';
import type { MatchRule } from '../../process/matcher.ts';
import { resolveName } from '../../process/name.ts';
import type { Lookups } from '../../system/types.ts';
import type { Slot } from '../slot.ts';
import type { PathWait } from './long-waits.ts';

export type EntryLookups = {
  /** Asks what NAME and `exe` lead to now, besides what NAME led to before; the rule stays the same object as long as that is the same. */
  refreshRule(slot: Slot): void;
  /** Whether it was ever known what they lead to. */
  isRuleKnown(slot: Slot): boolean;
  /** Asks for its pidfile, if it has one. */
  askPidfile(slot: Slot): void;
  /** What the last answer named. */
  pidOf(slot: Slot): number | undefined;
  /** Whether what NAME and `exe` lead to may still come in time. */
  isRuleAwaited(slot: Slot): boolean;
  isPidfileAwaited(slot: Slot): boolean;
  forget(slot: Slot): void;
  /** All that is waited for. */
  waits(): readonly PathWait[];
};

/** The answers that are awaited, and the last one about the pidfile. */
type Questions = {
  readonly slot: Slot;
  isRuleKnown: boolean;
  rule: Awaited | undefined;
  /** Which path of the rule is asked for. */
  ruleAsks: 'NAME' | 'exe';
  pidfile: Awaited | undefined;
  pid: number | undefined;
};

const LOOKUP_MILLISECONDS = 1000;
const PIDFILE_BYTES = 32;

/** `now`: monotonic milliseconds. `onAnswer`: an entry that waits need not wait any more. */
export function createEntryLookups(lookups: Lookups, now: () => number, onAnswer: () => void): EntryLookups {
  const ofSlot = new Map<number, Questions>();

  function questionsOf(slot: Slot): Questions {
    const known = ofSlot.get(slot.key);
    if (known !== undefined) return known;
    const questions: Questions = {
      slot,
      isRuleKnown: false,
      rule: undefined,
      ruleAsks: 'NAME',
      pidfile: undefined,
      pid: undefined,
    };
    ofSlot.set(slot.key, questions);
    return questions;
  }

  function mayCome(awaited: Awaited | undefined): boolean {
    return awaited !== undefined && isInTime(awaited, now(), LOOKUP_MILLISECONDS);
  }

  return {
    refreshRule(slot) {
      const questions = questionsOf(slot);
      if (questions.rule !== undefined) return;
      questions.rule = awaitedSince(now());
      questions.ruleAsks = 'NAME';
      lookUpRule(
        slot,
        lookups,
        () => {
          questions.ruleAsks = 'exe';
        },
        (rule) => {
          questions.rule = undefined;
          questions.isRuleKnown = true;
          slot.rule = rule;
          onAnswer();
        },
      );
    },
    isRuleKnown: ({ key }) => ofSlot.get(key)?.isRuleKnown ?? false,
    askPidfile(slot) {
      const { pidfile } = slot.entry.pent;
      const questions = questionsOf(slot);
      if (pidfile === undefined || questions.pidfile !== undefined) return;
      questions.pid = undefined;
      questions.pidfile = awaitedSince(now());
      lookups.readHead(pidfile, PIDFILE_BYTES, (text) => {
        questions.pidfile = undefined;
        questions.pid = text === undefined ? undefined : Number.parseInt(text.trim(), 10);
        onAnswer();
      });
    },
    pidOf: ({ key }) => ofSlot.get(key)?.pid,
    isRuleAwaited: ({ key }) => mayCome(ofSlot.get(key)?.rule),
    isPidfileAwaited: ({ key }) => mayCome(ofSlot.get(key)?.pidfile),
    forget: ({ key }) => void ofSlot.delete(key),
    waits: () => [...ofSlot.values()].flatMap(waitsOf),
  };
}

function waitsOf({ slot, rule, ruleAsks, pidfile }: Questions): PathWait[] {
  const { pent } = slot.entry;
  const waits: PathWait[] = [];
  if (rule !== undefined) {
    const file = ruleAsks === 'NAME' ? pent.name : (pent.exe ?? pent.name);
    waits.push({ slot, what: ruleAsks, file, since: rule.since });
  }
  if (pidfile !== undefined) {
    waits.push({ slot, what: 'pidfile', file: pent.pidfile ?? '', since: pidfile.since });
  }
  return waits;
}

function lookUpRule(
  { entry, rule }: Slot,
  lookups: Lookups,
  onExe: () => void,
  onAnswer: (rule: MatchRule) => void,
): void {
  const { exe } = entry.pent;
  resolveName(rule.name, lookups, (name) => {
    if (exe === undefined) onAnswer(name === rule.name ? rule : { ...rule, name });
    else {
      onExe();
      lookups.resolve(exe, (target) => {
        const executable = target ?? exe;
        const isSame = name === rule.name && executable === rule.executable;
        onAnswer(isSame ? rule : { ...rule, name, executable });
      });
    }
  });
}
