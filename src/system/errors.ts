// What a failed call of the system says, in the words of errno(3), and that one did not answer at all.

/** The symbolic code (`ENOENT`), or the error's text when it has none. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) {
    return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  }
  return String(error);
}

/** The code of what the task throws; undefined when it does not. */
export function errorOf(task: () => void): string | undefined {
  try {
    task();
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}

/** A file system or a directory of users did not answer in time, or could not be asked. */
export class NoAnswerError extends Error {
  /** As in `no answer within 5 s`. */
  readonly reason: string;

  /** `asked`: the path, or the command that asks. */
  constructor(asked: string, reason: string) {
    super(`${asked}: ${reason}`);
    this.name = 'NoAnswerError';
    this.reason = reason;
  }
}
