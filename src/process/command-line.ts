// A process's command line as bytes: arguments apart for the rules on argv, joined by one blank for the
// strings (SPEC 3). Arguments may hold any byte and be hundreds of KiB long.

export type CommandLine = {
  /** The first arguments, enough for `interpreter flag NAME`, and for Node's options before a program of psaver's. */
  readonly argv: readonly string[];
  /** All arguments joined by one blank; a view that is valid until the next process is read. */
  readonly joined: Buffer;
};

const ARGUMENTS_KEPT = 12;

/** Takes the bytes of /proc/PID/cmdline; replaces the NULs in place. Undefined for an empty one. */
export function parseCommandLine(bytes: Buffer): CommandLine | undefined {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  if (end === 0) return undefined;
  const joined = bytes.subarray(0, end);
  const argv: string[] = [];
  let from = 0;
  while (from <= end && argv.length < ARGUMENTS_KEPT) {
    const nul = joined.indexOf(0, from);
    const to = nul < 0 ? end : nul;
    argv.push(joined.toString('utf8', from, to));
    from = to + 1;
  }
  for (let nul = joined.indexOf(0); nul >= 0; nul = joined.indexOf(0, nul + 1)) joined[nul] = BLANK;
  return { argv, joined };
}

const BLANK = 0x20;
