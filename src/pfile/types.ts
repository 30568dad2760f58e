// What a pfile says, as plain data: the shapes that the rest of the program reads (SPEC 2).
// Reading, checking and defaults are in the files beside this one.

export type RetryOverAction = 'exit' | 'continue' | 'shutdown';

export type Parameters = {
  readonly ipckey: number;
  readonly msgCheckIntervalSeconds: number;
  readonly monitorIntervalSeconds: number;
  readonly shmDumpFile: string;
  /** Must be there when an entry's action is `shutdown`. */
  readonly shutdownCommand: Script | undefined;
  /** 0 = off. */
  readonly loopAlarmSeconds: number;
};

/** One PENT line. Every time is in seconds; `id` counts from 1 in the order of the file. */
export type Pent = {
  readonly id: number;
  readonly line: number;
  readonly name: string;
  readonly script: Script;
  readonly graceSeconds: number;
  readonly retry: number;
  readonly action: RetryOverAction;
  readonly includeStrings: readonly string[];
  readonly excludeStrings: readonly string[];
  /** The real uid that a process must have. */
  readonly uid: number | undefined;
  /** The executable that a process must have: links resolved, or as written where it does not exist. */
  readonly exe: string | undefined;
  readonly pidfile: string | undefined;
  /** Processes of PID namespaces below pcheck's own match too. */
  readonly containers: 'exclude' | 'include';
  readonly minProcCount: number;
  readonly maxProcCount: number | undefined;
  readonly restartTimeoutSeconds: number;
  readonly restartIntervalSeconds: number;
  readonly startWaitSeconds: number;
  readonly restartDelaySeconds: number;
  readonly check: StallCheck | undefined;
  readonly retryOverCommand: Script | undefined;
};

/** The check of a live process that may have stalled. */
export type StallCheck = {
  readonly command: Script;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly fails: number;
};

export type Script = {
  readonly path: string;
  readonly arguments: readonly string[];
};

export type Pfile = {
  readonly path: string;
  readonly parameters: Parameters;
  readonly pents: readonly Pent[];
};

/** `line` and `column` count from 1; `column` counts characters (code points), not bytes. No severity is an error. */
export type Diagnostic = {
  readonly line: number;
  readonly column: number;
  readonly code: DiagnosticCode;
  readonly text: string;
  readonly severity?: 'error' | 'warning';
};

/** Stable names of the mistakes, for tests and documents. */
export type DiagnosticCode =
  | 'invalid-utf8'
  | 'nul-byte'
  | 'control-character'
  | 'lookalike'
  | 'unknown-keyword'
  | 'duplicate-keyword'
  | 'missing-keyword'
  | 'bad-separator'
  | 'missing-value'
  | 'bad-number'
  | 'out-of-range'
  | 'relative-path'
  | 'dump-not-file'
  | 'dump-in-use'
  | 'missing-fields'
  | 'empty-name'
  | 'empty-script'
  | 'script-missing'
  | 'script-not-file'
  | 'script-not-executable'
  | 'script-unreadable'
  | 'bad-action'
  | 'action-needs-command'
  | 'bad-option'
  | 'empty-option'
  | 'unknown-option'
  | 'duplicate-option'
  | 'bad-value'
  | 'unknown-user'
  | 'exe-missing'
  | 'exe-is-script'
  | 'not-file'
  | 'never-matches'
  | 'no-check-cmd'
  | 'empty-string'
  | 'blank-in-string'
  | 'quotes'
  | 'duplicate-pent'
  | 'untrusted-owner'
  | 'untrusted-mode'
  | 'untrusted-directory'
  | 'untrusted-directory-mode'
  | 'untrusted-link'
  | 'no-answer'
  | 'no-pent';
