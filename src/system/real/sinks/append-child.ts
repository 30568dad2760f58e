// A child that appends to a file what it reads from a pipe: when the disk hangs, it hangs and pcheck does not. It ends
// with the pipe, also when pcheck was killed, and has nothing else of pcheck's. What follows from its end: child-outlet.ts.
import { closeSync, fstatSync, readSync, writeSync } from 'node:fs';
import { errorCode } from '../../errors.ts';
import type { Clock, ProcTable } from '../../types.ts';
import type { Kernel } from '../kernel.ts';
import type { Start } from '../libc/start-program.ts';
import { onChildEnd } from '../signals.ts';

/** A descriptor of the file, or the path of one that may have to be made. */
export type AppendTarget = { readonly descriptor: number } | { readonly path: string };

export type AppendChild = {
  /** As much as the pipe takes now: so many bytes. */
  send(bytes: Buffer): number;
  /** So many of them are in the file by now; undefined where the kernel does not tell (proc_pid_io(5)). */
  writtenBytes(): number | undefined;
  /** Nothing more comes: it ends when it has written all. */
  finish(): void;
};

export type AppendEnd = {
  readonly writtenBytes: number | undefined;
  /** Why it could not write, or what has ended it. */
  readonly reason: string;
};

export type StartAppendChild = (
  target: AppendTarget,
  onEnd: (end: AppendEnd) => void,
) => AppendChild | { readonly error: string };

/** So many bytes may be sent and not be in the file: those in the pipe, and those that it has in its hands. */
export const PIPE_BYTES = 65_536;
export const BLOCK_BYTES = 16_384;

/** Signals that end all of a control group must not take the last lines of pcheck with them. */
const SCRIPT_BEGIN = "trap '' HUP INT QUIT TERM; umask u-x,g-wx,o-rwx; ";
const SCRIPT_END = `exec dd bs=${BLOCK_BYTES} status=none`;
const APPENDS_TO_PATH = `${SCRIPT_BEGIN}exec >>"$0"; ${SCRIPT_END}`;
/** Opened anew, to append and for itself alone; one that may not be opened any more is written as it was handed on. */
const APPENDS_TO_DESCRIPTOR = `${SCRIPT_BEGIN}true 2>/dev/null >>/proc/self/fd/1 && exec >>/proc/self/fd/1; ${SCRIPT_END}`;
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
const NOTHING = {};
const REPORT_BYTES = 1000;
const ASK_AGAIN_MILLISECONDS = 500;

type Kernels = Pick<Kernel, 'pipe' | 'memoryFile' | 'programs'>;

export function createStartAppendChild(
  kernel: Kernels,
  clock: Clock,
  proc: Pick<ProcTable, 'read'>,
): StartAppendChild {
  const answer = Buffer.alloc(REPORT_BYTES);

  /** Undefined when it cannot be read just now; empty when it has gone. */
  function readProc(path: string): string | undefined {
    try {
      return answer.toString('latin1', 0, Math.max(0, proc.read(path, answer)));
    } catch {
      // EMFILE, ENFILE, ENOMEM.
      return undefined;
    }
  }

  return (target, onEnd) => {
    const opened = openBoth(kernel);
    if ('error' in opened) return opened;
    const { pipe, report } = opened;
    let pid = 0;
    let stopListening: () => void = () => undefined;
    let isFinished = false;

    function finish(): void {
      if (!isFinished) closeSync(pipe.writing);
      isFinished = true;
    }

    function end(writtenBytes: number | undefined, reason: string): void {
      stopListening();
      finish();
      closeSync(report);
      onEnd({ writtenBytes, reason });
    }

    /** What it complains of counts as written too (proc_pid_io(5), wchar). */
    function writtenBytes(): number | undefined {
      if (pid === 0) return 0;
      const [, written] = /^wchar: (\d+)$/m.exec(readProc(`${pid}/io`) ?? '') ?? [];
      return written === undefined ? undefined : Number(written) - fstatSync(report).size;
    }

    /** A zombie still tells what it has written. */
    function endIfEnded(): void {
      const stat = readProc(`${pid}/stat`);
      if (stat === undefined) clock.after(ASK_AGAIN_MILLISECONDS, endIfEnded);
      if (stat === undefined || !(stat === '' || stateIn(stat) === 'Z')) return;
      const written = writtenBytes();
      const status = kernel.programs.reap(pid);
      end(written, complaint(report) || reasonOf(status));
    }

    function started(start: Start): void {
      closeSync(pipe.reading);
      if ('error' in start) {
        end(0, start.error);
        return;
      }
      pid = start.pid;
      stopListening = onChildEnd(endIfEnded);
      endIfEnded();
    }

    kernel.programs.start(
      {
        path: '/bin/sh',
        arguments: 'path' in target ? ['-c', APPENDS_TO_PATH, target.path] : ['-c', APPENDS_TO_DESCRIPTOR],
        environment: ENVIRONMENT,
        inherited: NOTHING,
        stdin: pipe.reading,
        stdout: 'path' in target ? report : target.descriptor,
        stderr: report,
      },
      started,
    );
    return { send: (bytes) => send(pipe.writing, bytes), writtenBytes, finish };
  };
}

function stateIn(stat: string): string {
  return stat.charAt(stat.lastIndexOf(')') + 2);
}

type Opened = { readonly pipe: ReturnType<Kernel['pipe']>; readonly report: number };

function openBoth(kernel: Kernels): Opened | { readonly error: string } {
  let report = -1;
  try {
    report = kernel.memoryFile('complaints');
    return { report, pipe: kernel.pipe(PIPE_BYTES) };
  } catch (error) {
    // EMFILE, ENFILE, ENOMEM.
    if (report >= 0) closeSync(report);
    return { error: errorCode(error) };
  }
}

function send(descriptor: number, bytes: Buffer): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    // EAGAIN: full. EPIPE: it has ended, which will be told.
    if (!['EAGAIN', 'EPIPE'].includes(errorCode(error))) throw error;
    return 0;
  }
}

/** `dd: error writing 'standard output': No space left on device`: the words of the system alone. */
function complaint(report: number): string {
  const bytes = Buffer.alloc(REPORT_BYTES);
  const text = bytes.toString('utf8', 0, readSync(report, bytes, 0, bytes.length, 0)).trim();
  return text.slice(text.lastIndexOf(': ') + 1).trim();
}

/** A status of wait(2). */
function reasonOf(status: number | 'unknown' | undefined): string {
  if (typeof status !== 'number') return 'its writer has gone';
  return (status & 0x7f) === 0
    ? `its writer ended with status ${status >> 8}`
    : `its writer was ended by signal ${status & 0x7f}`;
}
