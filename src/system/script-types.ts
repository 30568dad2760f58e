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

export type ScriptListener = {
  /** It has begun. Not for one that could not be started or was given up in time; for a short one it may come after `ended`. */
  started(pid: number): void;
  /** The output file could not be opened: its output goes to /dev/null. Before all others, maybe at once. */
  outputLost(error: string): void;
  /** Once, however late: while its start hangs it has not ended. */
  ended(end: ScriptEnd): void;
};

export type ScriptStart = {
  /** Its process group and session too; 0 until there is a process, which comes before the script begins. */
  pid(): number;
  /** The script does not begin any more, however late its start comes through; one that has begun just now is killed with its group. */
  giveUp(): void;
};

/** `lost`: it cannot be written. `folder`: none of them can. `too-long`: it could not be cut. */
export type OutputProblem = {
  readonly file: string;
  readonly is: 'lost' | 'folder' | 'too-long';
  readonly error: string;
};

/** Where in an output file something begins or ends: known as soon as the file is open. */
export type OutputPlace = { readonly at: number | undefined };

/**
 * The files that take the output of scripts. None of this waits for a disk: what takes time goes on beside pcheck. A place
 * counts all bytes since the file was opened, those that were cut away too.
 */
export type Outputs = {
  /**
   * Opens those that are not open or lie elsewhere now, closes all others, cuts what has grown too long. `onKept` comes
   * once, within half a second, with what is wrong.
   */
  keep(files: readonly string[], onKept: (problems: readonly OutputProblem[]) => void): void;
  /** Has the file cut, by somebody else's hand, if it has grown too long. */
  cut(file: string): void;
  /** Where the next output will go. */
  place(file: string): OutputPlace;
  /**
   * The last of what was written between two places, the second being the end by default. `onText` comes once, within a
   * second: empty when there is nothing or it is not to be had.
   */
  tail(file: string, from: OutputPlace, to: OutputPlace | undefined, onText: (text: string) => void): void;
};

export type Scripts = {
  /** Starts a script in a session of its own, and waits for nothing; the listener is told later. */
  start(command: ScriptCommand, on: ScriptListener): ScriptStart;
  /** Sends a signal to a process, or with a negative pid to a process group; one that has gone is no error. */
  kill(pid: number, signal: ScriptSignal): void;
};

/** The last two freeze a group that would outrun its end (SPEC 4.3). */
export type ScriptSignal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

/** Environments of processes. To read one takes a lock of that process's, which others may hold for ever (proc_pid_environ(5)). */
export type Environments = {
  /** Which of these have the text in theirs; comes later, once, within a second: who could not be read by then has not. */
  search(pids: readonly number[], text: string, onFound: (pids: readonly number[]) => void): void;
};
