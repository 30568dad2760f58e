// How what only the host knows is found out: some questions side by side, and what is wrong told in the order of the
// pfile. A host that gives no answer is a mistake too: nobody knows what pcheck would run or watch.
import { NoAnswerError } from '../../system/errors.ts';
import type { Report } from '../report.ts';

/** One thing that a pfile names and the host has to be asked about. */
export type HostCheck = {
  readonly place: { readonly line: number; readonly column: number };
  /** As in `SCRIPT "/s.sh"`. */
  readonly what: string;
  /** What to do when no answer comes. */
  readonly advice: string;
  /** Asks; what it gives back tells of the mistakes when its turn has come. */
  ask(): Promise<(report: Report) => void>;
};

export const FILE_ADVICE = 'is its file system stuck, or the server behind it?';

/** What hangs under ten scripts is one mistake, told where it first matters; and one place has one such mistake. */
export async function runChecks(checks: readonly HostCheck[], report: Report): Promise<void> {
  const answers = await askSideBySide(checks, (check) => check.ask());
  const told = new Set<NoAnswerError | string>();
  for (const [index, { place, what, advice }] of checks.entries()) {
    const answer = answers[index];
    if (!(answer instanceof NoAnswerError)) {
      answer?.(report);
      continue;
    }
    const position = `${place.line}:${place.column}`;
    if (!told.has(answer) && !told.has(position)) {
      report.error(place, 'no-answer', `${what} cannot be looked at (${answer.message}): ${advice}`);
    }
    told.add(answer).add(position);
  }
}

const MAX_AT_ONCE = 16;

/**
 * The answers in the order of the items, or that none came. After that no more are asked, and those have neither:
 * thousands of files may lie on what hangs.
 */
export async function askSideBySide<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<(Answer | NoAnswerError | undefined)[]> {
  const answers: (Answer | NoAnswerError | undefined)[] = items.map(() => undefined);
  const waiting = items.entries();
  let isAnswered = true;
  async function work(): Promise<void> {
    for (let next = waiting.next(); isAnswered && !next.done; next = waiting.next()) {
      const [index, item] = next.value;
      const answer = await orNoAnswer(ask(item));
      answers[index] = answer;
      if (answer instanceof NoAnswerError) isAnswered = false;
    }
  }
  await Promise.all(Array.from({ length: MAX_AT_ONCE }, work));
  return answers;
}

async function orNoAnswer<Answer>(answer: Promise<Answer>): Promise<Answer | NoAnswerError> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoAnswerError) return error;
    throw error;
  }
}
