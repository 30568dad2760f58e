// The one seam to the outside: what psaver asks of Linux and Node, as types. `real/` answers with the real
// thing; a simulated side can answer in virtual time. Nothing outside this room imports node: modules for
// clocks, files, processes or sockets.

import type { Outputs, Scripts } from './script-types.ts';

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
  /** In ascending order, in an array that the next call overwrites. */
  pids(): Int32Array;
  /** The pid that was given last. They are given in turn: none is new while it is the same; a lower one says that they have begun again. */
  newestPid(): number;
  tasks(pid: number): number[];
  /** /proc/PID/NAME for the two files that are read by the thousand, as `read` does, without garbage. */
  readOfProcess(pid: number, name: 'stat' | 'cmdline' | 'auxv', into: Buffer): number;
  /** The executable's path as bytes; their number, or -1. */
  readExe(pid: number, into: Buffer): number;
  /** Reads /proc/PATH from its beginning into the buffer; bytes read (the buffer's length when there may be more), or -1. */
  read(path: string, into: Buffer): number;
  /** Whether there is a process, or a further thread of one, of this number (kill(2)): also where the mount's hidepid hides it. */
  isThere(pid: number): boolean;
  /** The executable's path as /proc/PID/exe (or PID/task/TID/exe) shows it. */
  exe(path: string): string | undefined;
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

/** What a file that a pfile names is, following links. */
export type FileKind = 'file' | 'directory' | 'other' | 'missing' | 'unreadable';

/** Who owns a file, and its mode as stat(2) has it, with the bits of its type. */
export type Ownership = {
  readonly uid: number;
  readonly mode: number;
};

export type Files = {
  /** The user that this process acts as. */
  readonly ownUid: number;
  readText(path: string): string;
  /** Text and ownership of one file, through one open descriptor. Throws as `readText` does. */
  readOwned(path: string): { readonly text: string; readonly owner: Ownership };
  /** Of what the path leads to, or undefined when that is nothing that can be seen. */
  owner(path: string): Ownership | undefined;
  /** Of a symbolic link itself: who owns it and what is written in it; undefined for anything else. */
  link(path: string): { readonly uid: number; readonly target: string } | undefined;
  /** The uid of a user's name (digits are a uid already), or undefined when nobody has it. */
  userId(name: string): number | undefined;
  /** The first bytes of a file as text, or undefined when it cannot be read. */
  readHead(path: string, bytes: number): string | undefined;
  kind(path: string): FileKind;
  isExecutable(path: string): boolean;
  /** For a directory: whether files can be made in it. */
  isWritable(path: string): boolean;
  /** The path with all links resolved, or undefined when it leads nowhere. */
  resolve(path: string): string | undefined;
};

/** What the monitor needs of the outside; the simulated side has all of it. */
export type System = {
  readonly clock: Clock;
  readonly proc: ProcTable;
  readonly files: Files;
  readonly scripts: Scripts;
  /** Undefined where ends are not told. */
  readonly exits: Exits | undefined;
  readonly outputs: Outputs;
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
  /** Replaces the file as a whole; `onEnd` with the error's text, or undefined. */
  write(text: string, onEnd: (error: string | undefined) => void): void;
};

/** How one attempt to pass something on without blocking ended. */
export type Attempt = 'written' | 'later';

/** A bounded way out for text lines that never blocks. */
export type LineSink = {
  write(line: string): void;
  /** Tries once more to pass on what is queued, without blocking. */
  flush(): void;
};

export type LineServer = {
  close(): void;
};

/** Why no answer came: nobody listens, not allowed, too late, or the answer broke off. */
export type AskFailure = 'not-running' | 'not-permitted' | 'no-answer';
