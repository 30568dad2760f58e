// Has command lines read and compared with the rules. The answers come later, or never: who may be a match meanwhile is
// known, and who has not answered for READ_MILLISECONDS counts as unreadable until it does.
import { type CommandLines, HEAD_BYTES } from '../../system/types.ts';
import { type Awaited, awaitedSince, isInTime } from '../awaited.ts';
import { candidateOf } from '../candidate.ts';
import { type CommandLine, parseCommandLine } from '../command-line.ts';
import type { Candidate } from '../matcher.ts';
import { isPsaver } from '../own.ts';
import type { ProcessReader } from '../reader.ts';
import { hasLeader, type StatFields } from '../stat-fields.ts';
import type { Match } from '../types.ts';
import type { LineRules } from './line-rules.ts';
import { type MatchIndex, matchOf } from './match-index.ts';
import { type LineState, type MayMatch, type TrackedProcess, UNREAD } from './tracked-process.ts';

/** A process whose command line is waited for, since this monotonic millisecond. */
export type SilentProcess = { readonly pid: number; readonly since: number };

export type LineReads = {
  /** Asks for the command line of a process, whose stat was read just now, and matches it when it comes. */
  ask(process: TrackedProcess, fields: StatFields, stamp: number): void;
  /** What was asked for begins. */
  flush(): void;
  /** Nothing has to be read of it: it matches nothing. */
  skip(process: TrackedProcess, stamp: number): void;
  /** It has gone, or become another program: no answer counts any more. */
  forget(process: TrackedProcess): void;
  /** Whether a process whose command line is asked for may turn out to match the rule. */
  isUndecided(key: number): boolean;
  /** Who has not answered yet. */
  silent(): readonly SilentProcess[];
};

export type LineReadParts = {
  readonly reader: ProcessReader;
  readonly commandLines: CommandLines;
  readonly index: MatchIndex;
  readonly rules: LineRules;
  /** Monotonic milliseconds. */
  now(): number;
  /** An answer has come; a process matches these rules since, or does not match them any more. */
  onAnswer(keys: readonly number[]): void;
};

/** After that it counts as unreadable: nobody waits for it any more. */
const READ_MILLISECONDS = 200;
const NONE: readonly never[] = [];

type Line = CommandLine | undefined;
type Keys = readonly number[];

export function createLineReads(parts: LineReadParts): LineReads {
  const { reader, commandLines, index, rules, now, onAnswer } = parts;
  /** Asked, and not answered yet. */
  const asked = new Set<TrackedProcess>();

  function setLine(process: TrackedProcess, line: LineState): void {
    process.line = line;
    if (line.is === 'asked') asked.add(process);
    else asked.delete(process);
  }

  function ask(process: TrackedProcess, fields: StatFields, stamp: number): void {
    const { pid } = process;
    const subject = { process, match: matchOf(pid, fields), stamp, ...candidateOf(reader, pid, fields) };
    if (!rules.mayFit(subject)) {
      settle(subject, undefined, NONE, 'read');
      return;
    }
    const task = hasLeader(fields) ? undefined : reader.livingTask(pid);
    const isAwaited = waiting(subject, (key) => rules.isPossible(key, subject));
    commandLines.readHead(pid, task, (bytes) => {
      if (!isAwaited()) return;
      attempt(process, () => {
        if (bytes === undefined || bytes.length === 0) takeUnreadable(subject);
        else takeHead(subject, bytes, task);
      });
    });
  }

  /** Whether an answer still counts. */
  function waiting({ process, stamp }: Subject, mayMatch: MayMatch): () => boolean {
    const line: LineState = { is: 'asked', stamp, awaited: awaitedSince(now()), mayMatch };
    setLine(process, line);
    return () => process.line === line;
  }

  /** /proc cannot be looked at just now, which the next scan tells: then it is asked for again. */
  function attempt(process: TrackedProcess, task: () => void): void {
    try {
      task();
    } catch {
      // EMFILE, ENFILE, ENOMEM: nothing was found out about it.
      setLine(process, UNREAD);
      onAnswer(NONE);
    }
  }

  /** What it matches already it matches on (SPEC 3, Unreadable). */
  function takeUnreadable(subject: Subject): void {
    const { process, stamp } = subject;
    if (index.keysOf(process.pid).length > 0) {
      setLine(process, { is: 'unreadable', stamp });
      onAnswer(NONE);
      return;
    }
    const named = rules.named({ ...subject, commandLine: undefined });
    const keys = rules.fitting(named, () => false);
    answer(subject, undefined, keys, 'unreadable');
  }

  function takeHead(subject: Subject, head: Buffer, task: number | undefined): void {
    const line = parseCommandLine(head);
    const named =
      line !== undefined && isPsaver(line) ? NONE : rules.named({ ...subject, commandLine: line });
    const strings = rules.stringsOf(named);
    const joined = line?.joined ?? head;
    const inHead = new Set(strings.filter((text) => joined.includes(text)));
    if (head.length >= HEAD_BYTES && inHead.size < strings.length) {
      // Only who has an entry's name has more read, and that is searched where it is read.
      search(subject, line, named, strings, task);
      return;
    }
    const keys = rules.fitting(named, (text) => inHead.has(text));
    answer(subject, line, keys, 'read');
  }

  function search(
    subject: Subject,
    line: Line,
    named: Keys,
    strings: readonly Buffer[],
    task?: number,
  ): void {
    const { process } = subject;
    const isAwaited = waiting(subject, (key) => named.includes(key));
    commandLines.search(process.pid, task, strings, (found) => {
      if (!isAwaited()) return;
      attempt(process, () => {
        if (found === undefined) {
          takeUnreadable(subject);
          return;
        }
        const isFound = new Set(strings.filter((_, at) => found[at]));
        const keys = rules.fitting(named, (text) => isFound.has(text));
        answer(subject, line, keys, 'read');
      });
    });
    commandLines.flush();
  }

  function answer(subject: Subject, line: Line, keys: Keys, is: 'read' | 'unreadable'): void {
    const before = index.keysOf(subject.process.pid);
    settle(subject, line, keys, is);
    onAnswer([
      ...keys.filter((key) => !before.includes(key)),
      ...before.filter((key) => !keys.includes(key)),
    ]);
  }

  function settle(subject: Subject, line: Line, keys: Keys, is: 'read' | 'unreadable'): void {
    const { process, match, stamp } = subject;
    setLine(process, { is, stamp });
    index.put(process.pid, keys, match, line?.argv ?? NONE);
  }

  function isFresh(awaited: Awaited): boolean {
    return isInTime(awaited, now(), READ_MILLISECONDS);
  }

  return {
    ask,
    flush: () => commandLines.flush(),
    skip(process, stamp) {
      index.drop(process.pid);
      setLine(process, { is: 'read', stamp });
    },
    forget(process) {
      index.drop(process.pid);
      setLine(process, UNREAD);
    },
    isUndecided(key) {
      for (const { line } of asked) {
        if (line.is === 'asked' && isFresh(line.awaited) && line.mayMatch(key)) return true;
      }
      return false;
    },
    silent: () =>
      [...asked].flatMap(({ pid, line }) =>
        line.is === 'asked' ? [{ pid, since: line.awaited.since }] : [],
      ),
  };
}

/** The process whose line is asked for, as its stat said just before. */
type Subject = Omit<Candidate, 'commandLine'> & {
  readonly process: TrackedProcess;
  readonly match: Match;
  readonly stamp: number;
};
