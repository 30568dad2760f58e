// What a child that is to become another program calls, from the clone to the exec (start-program.ts runs it): a
// session, descriptors, signals and limits of its own, and a death with pcheck as long as it has not become that program.
import { constants as files } from 'node:fs';
import type { CallList, Label } from './call-list.ts';
import type { CloseFrom } from './close-from.ts';
import type { Libc } from './koffi.ts';
import type { ProgramTexts } from './program-texts.ts';
import { createAddSetBack } from './set-back-priority.ts';
import { AT_FDCWD, O_CLOEXEC, type SystemCalls } from './system-calls.ts';

/** What a child gets instead of what pcheck has. */
export type OwnLimits = {
  /** The soft limit of open files; -1: none. */
  readonly openFiles?: number | undefined;
  /** Nothing that raises it above others: no negative nice value or OOM score, nothing of real time. */
  readonly priority?: 'ordinary' | undefined;
};

/** The calls of a child, once they are in a list: what differs from start to start. */
export type ChildCalls = {
  /** `directory`: of no matter where the list was made without one. */
  setDescriptors(stdin: number, stdout: number, stderr: number, directory: number): void;
  setTexts(texts: ProgramTexts): void;
};

export type ChildForm = {
  readonly limits: OwnLimits;
  /** Its working directory is that of a descriptor, or else `/`. */
  readonly hasDirectory: boolean;
};

const { O_RDONLY, O_NONBLOCK } = files;
/** Linux's own numbers (fcntl.h, resource.h, ioprio_set(2)). */
const SIGKILL = 9;
const SIGSTOP = 19;
/** Those of real time too. */
const LAST_SIGNAL = 64;
const SIGNAL_SET_BYTES = 8;
const SIGNAL_ACTION_BYTES = 32;
const SIG_SETMASK = 2;
const F_SETFL = 4;
const F_SETOWN = 8;
const F_SETSIG = 10;
const O_ASYNC = 0o20000;
const RLIMIT_NOFILE = 7;
const ENOEXEC = 8;
const ECANCELED = 125;
const NOT_STARTED_STATUS = 127;

/** In the child: the pipe as it was handed on, and opened anew. */
const LIFE = 3;
const OWN_LIFE = 10;

/** Addresses. */
export type StartWords = {
  /** Not 0: the child does not become the program any more. */
  readonly givenUp: number;
  /** Gets a negative errno when it cannot. */
  readonly executed: number;
};

/** Adds them to a list; the child ends in any case. `life`: the end for reading of a pipe that only pcheck has the other end of. */
export type AddChildCalls = (list: CallList, words: StartWords, life: number, form: ChildForm) => ChildCalls;

export function createAddChildCalls(
  libc: Libc,
  calls: SystemCalls,
  closeFrom: CloseFrom,
  addSetBack = createAddSetBack(libc, calls),
): AddChildCalls {
  const address = (name: string) => Number(libc.symbol(name, 'void'));
  const [memcmp, memcpy, strnlen] = [address('memcmp'), address('memcpy'), address('strnlen')];

  /**
   * The end of pcheck closes the pipe, which is SIGKILL for whoever has asked for it (fcntl(2), F_SETSIG); an exec closes
   * the descriptor that it was asked with. Opened anew, since what was asked belongs to the open file.
   */
  function dieWithPcheck(list: CallList, exit: Label): void {
    const without = list.label();
    const path = list.text(`/proc/self/fd/${LIFE}`);
    const flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC;
    const open = list.add({ system: calls.openat, arguments: [AT_FDCWD, path, flags], below: without });
    const move = list.add({ system: calls.dup3, arguments: [0, OWN_LIFE, O_CLOEXEC], below: without });
    const close = list.add({ system: calls.close });
    open.setResults(move.argument(0), close.argument(0));
    const pid = list.add({ system: calls.getpid });
    const own = list.add({ system: calls.fcntl, arguments: [OWN_LIFE, F_SETOWN] });
    pid.setResults(own.argument(2));
    list.add({ system: calls.fcntl, arguments: [OWN_LIFE, F_SETSIG, SIGKILL] });
    list.add({ system: calls.fcntl, arguments: [OWN_LIFE, F_SETFL, O_ASYNC | O_NONBLOCK] });
    // pcheck may have ended before: then the pipe is at its end already.
    list.add({ system: calls.read, arguments: [OWN_LIFE, list.area(8).address, 1], zero: exit, above: exit });
    list.place(without);
    list.add({ system: calls.close, arguments: [LIFE] });
  }

  /** A limit above the hard one is the hard one. */
  function limitOpenFiles(list: CallList, openFiles: number): void {
    const [wanted, both, set] = [list.area(8), list.area(16), list.label()];
    wanted.setNumber(openFiles);
    list.add({ system: calls.prlimit64, arguments: [0, RLIMIT_NOFILE, 0, both.address] });
    list.add({ function: memcpy, arguments: [both.address, wanted.address, 8] });
    list.add({ system: calls.prlimit64, arguments: [0, RLIMIT_NOFILE, both.address, 0], zero: set });
    list.add({ function: memcpy, arguments: [both.address, both.address + 8, 8] });
    list.add({ system: calls.prlimit64, arguments: [0, RLIMIT_NOFILE, both.address, 0] });
    list.place(set);
  }

  return (list, { givenUp, executed }, life, { limits, hasDirectory }) => {
    const [exit, goOn] = [list.label(), list.label()];
    const results = [executed] as const;
    const [nothing, canceled, noFormat] = [list.area(8), list.area(8), list.area(8)];
    canceled.setNumber(-ECANCELED);
    noFormat.setNumber(-ENOEXEC);
    list.add({ system: calls.setsid });
    // pcheck's own handlers must not run in a child that shares its memory.
    const byDefault = list.area(SIGNAL_ACTION_BYTES);
    for (let signal = 1; signal <= LAST_SIGNAL; signal++) {
      if (signal === SIGKILL || signal === SIGSTOP) continue;
      list.add({ system: calls.rtSigaction, arguments: [signal, byDefault.address, 0, SIGNAL_SET_BYTES] });
    }
    const enter = hasDirectory
      ? list.add({ system: calls.fchdir, results, below: exit })
      : list.add({ system: calls.chdir, arguments: [list.text('/')], results, below: exit });
    const [stdin, stdout, stderr] = [0, 1, 2, LIFE].map((target) =>
      list.add({ system: calls.dup3, arguments: [life, target, 0], results, below: exit }),
    );
    const prepareClosing = closeFrom.add(list, LIFE + 1);
    dieWithPcheck(list, exit);
    if (limits.openFiles !== undefined) limitOpenFiles(list, limits.openFiles);
    if (limits.priority === 'ordinary') addSetBack(list);
    const noSignal = list.area(SIGNAL_SET_BYTES);
    list.add({
      system: calls.rtSigprocmask,
      arguments: [SIG_SETMASK, noSignal.address, 0, SIGNAL_SET_BYTES],
    });
    list.add({ function: strnlen, arguments: [givenUp, 1], zero: goOn });
    list.add({ function: memcpy, arguments: [executed, canceled.address, 8], above: exit });
    list.place(goOn);
    const execute = list.add({ system: calls.execve, results });
    // A script without a #! line is the shell's, as execvp(3) has it.
    list.add({
      function: memcmp,
      arguments: [executed, noFormat.address, 8],
      below: exit,
      above: exit,
    });
    // An exec that is through answers nothing.
    list.add({ function: memcpy, arguments: [executed, nothing.address, 8] });
    const byShell = list.add({ system: calls.execve, results });
    list.place(exit);
    list.add({ system: calls.exitGroup, arguments: [NOT_STARTED_STATUS] });
    return {
      setDescriptors(in_, out, error, directory) {
        prepareClosing();
        stdin?.setArgument(0, in_);
        stdout?.setArgument(0, out);
        stderr?.setArgument(0, error);
        if (hasDirectory) enter.setArgument(0, directory);
      },
      setTexts({ path, words, variables, shell, shellWords }) {
        [path, words, variables].forEach((address, index) => {
          execute.setArgument(index, address);
        });
        [shell, shellWords, variables].forEach((address, index) => {
          byShell.setArgument(index, address);
        });
      },
    };
  };
}
