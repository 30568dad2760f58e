// A pfile that cannot be read at all: exit status 66 for both programs.
import { visible } from '../log/visible.ts';
import { errorCode, NoAnswerError } from '../system/errors.ts';
import { EXIT, ExitError } from './exit.ts';

/** The end of a program whose pfile cannot be read. */
export function unreadable(path: string, error: unknown): ExitError {
  return new ExitError(EXIT.noPfile, `cannot read the pfile ${visible(path)}: ${readErrorText(error)}`);
}

/** Why a file cannot be read, in words where there are some. */
export function readErrorText(error: unknown): string {
  if (error instanceof NoAnswerError)
    return `${error.reason}: is its file system stuck, or the server behind it?`;
  return READ_ERRORS[errorCode(error)] ?? errorCode(error);
}

const READ_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  ELOOP: 'too many symbolic links',
};
