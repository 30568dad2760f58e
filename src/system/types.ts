// The one seam to the outside: what psaver asks of Linux and Node, as types. `real/` answers with the real
// thing; a simulated side can answer in virtual time. Nothing outside this room imports node: modules for
// clocks, files, processes or sockets.

import type { Environments, Outputs, Scripts } from './script-types.ts';

export type * from './lookup-types.ts';
export type * from './script-types.ts';

/** Both clocks at one moment: `monotonic` (milliseconds, the same for all processes of a boot, for every decision) and `wall` (epoch milliseconds, for display). */
export type Instant = {
  readonly monotonic: number;
  readonly wall: number;
};

export type Clock = {
  now(): Instant;
  /** Calls back once after `delayMilliseconds` (cut to an hour: Node fires longer timers than 2^31 ms at once). */
  after(delayMilliseconds: number, callback: () => void): Timer;
};

export type Timer = {
  cancel(): void;
};

/**
 * /proc, as bytes. A process that has gone or may not be read is an answer (-1, undefined, []). That /proc cannot
 * be looked at just now (no descriptor or memory left, not mounted) says nothing of any process: that throws.
 */
export type ProcTable = {
  readonly ownPid: number;
  /** Seconds since the boot, on the clock of the processes' start times. */
  uptimeSeconds(): number;
  /** All, in ascending order, in an array that the next call overwrites. */
  pids(): Int32Array;
  /** Who has come since the last call. */
  newPids(): NewPids;
  tasks(pid: number): number[];
  /** /proc/PID/NAME for the two files that are read by the thousand, as `read` does, without garbage. Neither waits. */
  readOfProcess(pid: number, name: 'stat' | 'auxv', into: Buffer): number;
  /** The executable's path as bytes; their number, or -1. */
  readExe(pid: number, into: Buffer): number;
  /** Reads /proc/PATH from its beginning into the buffer; bytes read (the buffer's length when there may be more), or -1. */
  read(path: string, into: Buffer): number;
  /** Whether there is a process, or a further thread of one, of this number (kill(2)): also where the mount's hidepid hides it. With a negative number: a process group that has anybody, and be it zombies. */
  isThere(pid: number): boolean;
  /** The executable's path as /proc/PID/exe (or PID/task/TID/exe) shows it. */
  exe(path: string): string | undefined;
};

/**
 * `these` are there and may be new. `all`: that cannot be told, so these are all that are there; whoever has a pid above
 * `reusedAbove` and up to `reusedUpTo` is new though that pid was known before. `anew`: any known pid may be a new process.
 */
export type NewPids =
  | { readonly are: 'these'; readonly pids: readonly number[] }
  | {
      readonly are: 'all';
      readonly pids: Int32Array;
      readonly reusedAbove: number;
      readonly reusedUpTo: number;
    }
  | { readonly are: 'anew'; readonly pids: Int32Array };

/**
 * Command lines: a process may lock its memory map, so they are read elsewhere than in the loop, which never waits for
 * them. `task`: a thread of the process whose main thread has ended.
 */
export type CommandLines = {
  /** The first HEAD_BYTES bytes; `onAnswer` comes later, once, or never while they are locked. Undefined: gone, or not to be read. The bytes are valid until it returns. */
  readHead(pid: number, task: number | undefined, onAnswer: (bytes: Buffer | undefined) => void): void;
  /**
   * Which of the strings occur in the whole line, its arguments joined by blanks (at most 16 MiB are looked at); `onAnswer`
   * as above. The same array for the same strings: what is prepared for it is kept.
   */
  search(
    pid: number,
    task: number | undefined,
    strings: readonly Buffer[],
    onAnswer: (found: readonly boolean[] | undefined) => void,
  ): void;
  /** What was asked for since is read now. */
  flush(): void;
};

export const HEAD_BYTES = 4096;

/** Files that a pfile names, while the loop runs: their file system may hang, so `onAnswer` comes later, once, or never. */
export type Lookups = {
  /** The path with all links resolved, or undefined when it leads nowhere. */
  resolve(path: string, onAnswer: (target: string | undefined) => void): void;
  /** The first bytes of a regular file as text, or undefined when it cannot be read. */
  readHead(path: string, bytes: number, onAnswer: (text: string | undefined) => void): void;
};

/** Tells the ends of processes, as the kernel knows them. */
export type Exits = {
  /**
   * `onExit` comes later, once, when the process that has this pid now has ended: all its threads. The error's
   * code where that cannot be told of it; ESRCH when it has gone already.
   */
  watch(pid: number, onExit: () => void): { close(): void } | { readonly error: string };
  /** Calls back once: from within an `onExit`, when all ends that the kernel tells of just now have been told; else soon. */
  afterTold(task: () => void): void;
};

/** What the monitor needs of the outside; the simulated side has all of it. */
export type System = {
  readonly clock: Clock;
  readonly proc: ProcTable;
  readonly commandLines: CommandLines;
  readonly lookups: Lookups;
  readonly scripts: Scripts;
  /** Undefined where ends are not told. */
  readonly exits: Exits | undefined;
  readonly outputs: Outputs;
  readonly environments: Environments;
  /** pcheck's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A new random word for every call. */
  token(): string;
  /** Another one after every boot. */
  readonly bootId: string;
  readonly record: RecordFile;
  /** Gives back memory that is not needed; takes some milliseconds, so only when nobody waits. */
  tidyMemory(monotonic: number): void;
  readonly dump: DumpFile;
};

/** The record of what was decided, in memory that a reboot empties (SPEC 7). Nothing of it throws. */
export type RecordFile = {
  /** Undefined when there is none; the error's code when it cannot be read. */
  read(): { readonly text: string } | { readonly error: string } | undefined;
  /** Replaces it; undefined, or the error's code. */
  write(text: string): string | undefined;
  /** Adds to what was written, with one write; undefined, or the error's code, and then a part may have been added. */
  append(text: string): string | undefined;
  /** Whether what was written is still to be found by its name. */
  isInPlace(): boolean;
  remove(): void;
  /** Renames it out of the way; where to. */
  putAside(): string;
};

/** The dump file, on a disk that may be full or stuck: written by a child, never by this process (SPEC 7). */
export type DumpFile = {
  /** Replaces the file as a whole. */
  write(text: string, on: DumpListener): void;
};

export type DumpListener = {
  /** From now on it is written whatever becomes of pcheck, as soon as its disk takes it. Not when it has failed before. */
  started?(): void;
  /** With the error's text, or undefined. */
  ended(error: string | undefined): void;
};

/** How one attempt to pass something on without blocking ended. */
export type Attempt = 'written' | 'later';

/** A bounded way out for text lines that never blocks. */
export type LineSink = {
  write(line: string): void;
  /** Tries once more to pass on what is queued, without blocking. */
  flush(): void;
  /** A file: what was written goes to the one that it is now, what comes to the one that has its name by then. */
  reopen(): void;
  /** Nothing more comes; `done` when all lines are where they belong, or nothing gets on any more. */
  close(done: () => void): void;
};

export type LineServer = {
  close(): void;
};

/** Why no answer came: nobody listens, not allowed, too late, or the answer broke off. */
export type AskFailure = 'not-running' | 'not-permitted' | 'no-answer';
