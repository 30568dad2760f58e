// The part of the seam that is about restart scripts: starting them, their output, what they must not inherit.

export type ScriptCommand = {
  readonly path: string;
  readonly arguments: readonly string[];
  /** Its environment is both; what is inherited is the same object for every script. */
  readonly environment: Readonly<Record<string, string>>;
  readonly inherited: Readonly<Record<string, string>>;
  readonly outputFile: string;
};

export type ScriptEnd =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'unspawnable'; readonly error: string }
  /** It has ended, and somebody else was told how. */
  | { readonly kind: 'unknown' };

export type StartedScript = {
  /** Its process group and session too; undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Why the output file could not be opened; the script's output goes to /dev/null then. */
  readonly outputError: string | undefined;
};

/** `lost`: it cannot be written. `too-long`: it could not be cut. */
export type OutputProblem = {
  readonly file: string;
  readonly is: 'lost' | 'too-long';
  readonly error: string;
};

/**
 * The files that take the output of scripts, kept open from the start: on a disk that is stuck only `keep` can
 * block, and only for a file that it has to make. A position counts all bytes since the file was opened, those
 * that were cut away too.
 */
export type Outputs = {
  /** Opens those that are not open or lie elsewhere now, closes all others, cuts what has grown too long. */
  keep(files: readonly string[]): readonly OutputProblem[];
  /** Has the file cut, by somebody else's hand, if it has grown too long. */
  cut(file: string): void;
  /** Where the next output will go. */
  position(file: string): number;
  /** The last of what was written between two positions; empty when there is none or it is not to be had at once. */
  tail(file: string, from: number, to: number): string;
};

export type Scripts = {
  /** Starts a script in a session of its own; `onEnd` comes later in any case, once. */
  spawn(command: ScriptCommand, onEnd: (end: ScriptEnd) => void): StartedScript;
  /** Sends a signal to a process, or with a negative pid to a process group; one that has gone is no error. */
  kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void;
};
