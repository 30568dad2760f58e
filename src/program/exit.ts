// How the two programs end before or instead of their work: the exit statuses (SPEC 5, 6) and the error that
// carries one.

export const EXIT = {
  done: 0,
  retryOver: 1,
  notRunning: 1,
  usage: 64,
  badPfile: 65,
  noPfile: 66,
  noAnswer: 69,
  defect: 70,
  cannotCreate: 73,
  alreadyRunning: 75,
  notPermitted: 77,
} as const;

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
