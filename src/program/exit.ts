// How the two programs end before or instead of their work: the exit statuses (SPEC 5, 6) and the error that
// carries one. What each means to a cluster and what to do: docs/reference/exit-statuses.md.
import { LostOutputError } from '../system/real/terminal.ts';

export const EXIT = {
  done: 0,
  retryOver: 1,
  notRunning: 1,
  noDump: 1,
  usage: 64,
  badPfile: 65,
  noPfile: 66,
  noAnswer: 69,
  defect: 70,
  cannotCreate: 73,
  lostOutput: 74,
  alreadyRunning: 75,
  notPermitted: 77,
} as const;

type Meaning = readonly [status: number, words: string];

/** Every status that each program can end with, for --help. */
export const EXITS: Readonly<Record<'pcheck' | 'padmin', readonly Meaning[]>> = {
  pcheck: [
    [EXIT.done, 'ended on request'],
    [EXIT.retryOver, 'retry-over'],
    [EXIT.usage, 'usage'],
    [EXIT.badPfile, 'bad pfile'],
    [EXIT.noPfile, 'no pfile'],
    [EXIT.defect, 'defect'],
    [EXIT.cannotCreate, 'cannot create'],
    [EXIT.lostOutput, 'cannot write to standard output'],
    [EXIT.alreadyRunning, 'already running'],
  ],
  padmin: [
    [EXIT.done, 'done'],
    [EXIT.notRunning, 'pcheck is not running'],
    [EXIT.usage, 'usage'],
    [EXIT.badPfile, 'bad pfile'],
    [EXIT.noPfile, 'no pfile'],
    [EXIT.noAnswer, 'no answer'],
    [EXIT.defect, 'defect'],
    [EXIT.lostOutput, 'cannot write to standard output'],
    [EXIT.notPermitted, 'not permitted'],
  ],
};

/** How a program ends by this error, whatever that is. */
export function toExitError(error: unknown): ExitError {
  if (error instanceof ExitError) return error;
  if (error instanceof LostOutputError) return new ExitError(EXIT.lostOutput, error.message);
  return new ExitError(EXIT.defect, String(error));
}

/** Ends the program with a status; `message` is for the user: what, where, and what to do. */
export class ExitError extends Error {
  readonly status: number;
  /** The same in one line, for the log. */
  readonly summary: string;

  constructor(status: number, text: string, summary = text) {
    super(text);
    this.name = 'ExitError';
    this.status = status;
    this.summary = summary;
  }
}
