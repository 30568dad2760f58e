// What a failed call of the system says, in the words of errno(3).

/** The symbolic code (`ENOENT`), or the error's text when it has none. */
export function errorCode(error: unknown): string {
  if (error instanceof Error) {
    return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  }
  return String(error);
}
