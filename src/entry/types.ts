// What is known of one entry, what can happen to it, what it may ask for: data only. Moments are monotonic ms.
import type { LogMessage } from '../log/catalogue.ts';
import type { Pent } from '../pfile/types.ts';
import type { Match, ProcessId } from '../process/types.ts';

export type Phase =
  | {
      readonly is: 'looking';
      readonly since: number;
      readonly until: number;
      readonly nextLookAt: number;
    }
  | {
      readonly is: 'watching';
      readonly process: ProcessId;
      readonly since: number;
      /** Fewer than min_proc_count since this moment. */
      readonly fewSince: number | undefined;
      readonly check: CheckState;
    }
  | { readonly is: 'delaying'; readonly until: number }
  | { readonly is: 'holding'; readonly until: number }
  | {
      readonly is: 'running';
      readonly run: number;
      readonly since: number;
      /** A match that appeared while the script runs. */
      readonly process: ProcessId | undefined;
      readonly limit: ScriptLimit;
    }
  | {
      readonly is: 'appearing';
      readonly scriptSince: number;
      readonly until: number;
      readonly nextLookAt: number;
      /** How the script ended, for the log. */
      readonly ended: ScriptResult;
    }
  | { readonly is: 'absent'; readonly because: 'retry-over' | 'monitoring-off' | 'shared' };

/** The stall check of the process that is watched; `fails` counts the failures in a row. */
export type CheckState =
  | { readonly is: 'none' }
  | { readonly is: 'waiting'; readonly at: number; readonly fails: number }
  | { readonly is: 'running'; readonly check: number; readonly fails: number };

/** Why a restart is due. */
export type RestartReason = 'not-found' | 'down' | 'too-few' | 'stall';

/**
 * On its way to restart_timeout, SIGTERM, SIGKILL. `put-off`: pcheck was held up over its end, and gave that time back;
 * `unkillable`: that was told, there is no more to do.
 */
export type ScriptLimit =
  | { readonly is: 'none' }
  | { readonly is: 'in-time'; readonly until: number }
  | { readonly is: 'put-off'; readonly until: number }
  | { readonly is: 'terminated'; readonly until: number }
  | { readonly is: 'killed'; readonly until: number }
  | { readonly is: 'unkillable' };

export type ScriptResult = {
  /** `unknown`: it was taken over from a pcheck that was killed, which alone could have been told. */
  readonly outcome: 'succeeded' | 'failed' | 'timed-out' | 'unspawnable' | 'unknown';
  /** "ended with status 3", "was killed by SIGSEGV": words for the log. */
  readonly text: string;
};

export type Entry = {
  readonly pent: Pent;
  readonly phase: Phase;
  readonly monitoring: 'on' | 'off';
  readonly retryCount: number;
  readonly restartCount: number;
  /** Wall clock, epoch milliseconds, of the last restart. */
  readonly rerunAt: number | undefined;
  /** Monotonic moment of the last script's start. */
  readonly lastRunAt: number | undefined;
  readonly lastPid: number;
  /** Why the last restart was due, or the next one is. */
  readonly reason: RestartReason;
  /** The process that stalled: it does not count as restarted while it is the same. */
  readonly stalled: ProcessId | undefined;
  /** Full checks in a row that found more than max_proc_count. */
  readonly overChecks: number;
  /** How long too few processes are borne, milliseconds. */
  readonly recountMilliseconds: number;
  /** Counts the stall checks, so that each has a number of its own. */
  readonly checks: number;
};

/** What one look at the process table says about one entry. */
export type Observation = {
  /** The process that the entry held or noted is alive and still fits. */
  readonly heldIsThere: boolean;
  /** The match that is meant, of all that fit, when there are min_proc_count of them; not the held one unless it is the one that is meant. */
  readonly match: Match | undefined;
  /** The match is the restart script's own process: it became the service by exec. */
  readonly matchIsScript: boolean;
  /** All that fit, orphaned workers left out. */
  readonly count: number;
  /** Workers that a dead process left behind: forks of it that never called exec (SPEC 4.2). */
  readonly orphans: number;
  readonly isFullCheck: boolean;
  /** The held process belonged to an earlier entry too, which restarts it. */
  readonly heldByEarlierEntry: boolean;
};

export type EntryEvent =
  | { readonly type: 'observed'; readonly observation: Observation }
  | {
      readonly type: 'script-ended';
      readonly run: number;
      readonly result: ScriptResult;
      readonly observation: Observation;
    }
  | { readonly type: 'check-ended'; readonly check: number; readonly result: CheckResult }
  | { readonly type: 'over-before' } // A pcheck that was killed had decided to end because of this entry.
  | { readonly type: 'reloaded'; readonly pent: Pent; readonly monitorIntervalSeconds: number }
  | { readonly type: 'stop' }
  | { readonly type: 'start'; readonly observation: Observation }
  | { readonly type: 'reset'; readonly observation: Observation };

/** `not-run`: it could not be started, which says nothing of the process. */
export type CheckResult = {
  readonly outcome: 'passed' | 'failed' | 'not-run';
  /** Words for the log, as of a script. */
  readonly text: string;
};

export type Effect =
  | { readonly type: 'log'; readonly message: LogMessage }
  | { readonly type: 'run-script'; readonly run: number }
  | { readonly type: 'run-check'; readonly check: number }
  /** The check's process is not watched any more: its result would be of no use. */
  | { readonly type: 'cancel-check' }
  | { readonly type: 'signal-script'; readonly run: number; readonly signal: 'SIGTERM' | 'SIGKILL' }
  /** The last lines that it wrote, for the log; comes last, so that nothing waits for them. */
  | { readonly type: 'log-output'; readonly of: 'script'; readonly run: number }
  | { readonly type: 'log-output'; readonly of: 'check' }
  /** The script's process is the service now: its end is a death, not a script's end. */
  | { readonly type: 'release-script'; readonly run: number }
  /** The entry's retry_over_cmd, beside everything else. */
  | { readonly type: 'run-command'; readonly command: LastCommand }
  /** Nothing is decided any more: these commands one after the other, then the end. */
  | { readonly type: 'end'; readonly status: 1; readonly after: readonly LastCommand[] };

/** retry_over_cmd, SHUTDOWN_COMMAND. */
export type LastCommand = 'retry-over' | 'shutdown';

export type Step = {
  readonly entry: Entry;
  readonly effects: readonly Effect[];
};
