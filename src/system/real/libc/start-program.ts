// Starts a program in a thread: its exec may wait for a file system or a scanner, and nobody but that thread waits
// with it. As posix_spawn(3) does it, by vfork(2); what the child calls is in child-calls.ts.
import { closeSync } from 'node:fs';
import type { AddChildCalls, ChildCalls, ChildForm, OwnLimits } from './child-calls.ts';
import { openHighDescriptors } from './high-descriptors.ts';
import { errnoName, type Koffi, type Libc } from './koffi.ts';
import { createProgramTexts, type ProgramWords } from './program-texts.ts';
import type { SystemCalls } from './system-calls.ts';
import type { ThreadList, Threads } from './threads.ts';

/** Its descriptors are needed until `onStart`. */
export type Program = ProgramWords & {
  /** Descriptors; /dev/null where none is given. */
  readonly stdin?: number | undefined;
  readonly stdout?: number | undefined;
  readonly stderr?: number | undefined;
  /** A descriptor of its working directory; `/` where none is given. */
  readonly directory?: number | undefined;
  /** The same object as long as they are the same. */
  readonly limits?: OwnLimits | undefined;
};

export type Start = { readonly pid: number } | { readonly error: string };

export type StartInProgress = {
  /** 0 until the kernel has given one, which it does before the exec. */
  pid(): number;
  /** The program does not begin any more, however late its exec comes through; one that has begun is not touched. */
  giveUp(): void;
};

export type ProgramStarter = {
  /** In a session of its own, all signals at their defaults. `onStart` comes later, once: when the exec is through, has failed or was given up. */
  start(program: Program, onStart: (start: Start) => void): StartInProgress;
  /** How a child has ended, as wait(2) has it; undefined while it runs, `unknown` when somebody else was told. */
  reap(pid: number): number | 'unknown' | undefined;
};

/** Linux's own numbers (sched.h, fcntl.h). */
const CLONE_VM = 0x100;
const CLONE_VFORK = 0x4000;
const CLONE_PARENT_SETTID = 0x100000;
const SIGKILL = 9;
const SIGCHLD = 17;
const WNOHANG = 1;

/** A child gives its own these numbers. */
const MAX_CHILD_DESCRIPTOR = 3;
const LIST_BYTES = 24_576;
const AGAIN_MILLISECONDS = 5;
const FREE_SLOTS = 8;
const NO_LIMITS: OwnLimits = {};

/** The list of one start, and what it says. */
type Slot = {
  readonly form: ChildForm;
  readonly list: ThreadList;
  readonly child: ChildCalls;
  /** Not 0: nothing begins any more. `pid` is known as soon as there is a child. */
  readonly givenUp: Word;
  /** A pid, or a negative errno; the second one only that. */
  readonly cloned: Word;
  readonly executed: Word;
  readonly pid: Word;
  /** What a start in progress needs beside the list: memory that stays, and descriptors that are closed afterwards. */
  texts: readonly Buffer[];
  readonly copies: number[];
};
type Word = ReturnType<ThreadList['area']>;

export function createProgramStarter(
  koffi: Koffi,
  libc: Libc,
  threads: Threads,
  calls: SystemCalls,
  addChildCalls: AddChildCalls,
): ProgramStarter {
  const waitpid = libc.func('int waitpid(int, _Out_ int *, int)');
  const kill = libc.func('int kill(int, int)');
  const strnlen = Number(libc.symbol('strnlen', 'void'));
  const textsOf = createProgramTexts(koffi);
  const { devNull, life, copy } = openHighDescriptors(libc);
  const free: Slot[] = [];

  function newSlot(form: ChildForm): Slot {
    const list = threads.newList(LIST_BYTES);
    const [givenUp, cloned, pid, executed] = [list.area(8), list.area(8), list.area(8), list.area(8)];
    list.add({ function: strnlen, arguments: [givenUp.address, 1], above: 'finish' });
    list.add({
      system: calls.clone,
      arguments: [CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | SIGCHLD, 0, pid.address],
      results: [cloned.address],
      below: 'finish',
      above: 'finish',
    });
    const words = { givenUp: givenUp.address, executed: executed.address };
    const child = addChildCalls(list, words, life, form);
    list.seal();
    return { form, list, child, givenUp, cloned, pid, executed, texts: [], copies: [] };
  }

  /** One whose start is over and that is of this form, or a new one. */
  function slotFor(form: ChildForm): Slot {
    const at = free.findIndex(
      (slot) => slot.form.limits === form.limits && slot.form.hasDirectory === form.hasDirectory,
    );
    return (at < 0 ? undefined : free.splice(at, 1)[0]) ?? newSlot(form);
  }

  function release(slot: Slot): void {
    slot.texts = [];
    for (const descriptor of slot.copies.splice(0)) closeSync(descriptor);
    if (free.length < FREE_SLOTS) free.push(slot);
  }

  /** A child would overwrite them with its own before it has used them. */
  function outOfTheWay(descriptor: number, { copies }: Slot): number {
    if (descriptor < 0 || descriptor > MAX_CHILD_DESCRIPTOR) return descriptor;
    const other = copy(descriptor);
    if (other >= 0) copies.push(other);
    return other;
  }

  function reap(pid: number): number | 'unknown' | undefined {
    const status = [0];
    const reaped: number = waitpid(pid, status, WNOHANG);
    if (reaped === 0) return undefined;
    return reaped < 0 ? 'unknown' : (status[0] ?? 0);
  }

  function reapLater(pid: number): void {
    if (reap(pid) === undefined) setTimeout(reapLater, AGAIN_MILLISECONDS, pid);
  }

  /** Whatever it has come to: a child before its session, or a program that may have started others already. */
  function killBegun(pid: number): void {
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
  }

  function outcomeOf({ cloned, executed }: Slot): Start {
    const pid = cloned.number();
    if (pid === 0) return { error: 'ECANCELED' };
    if (pid < 0) return { error: errnoName(-pid) };
    if (executed.number() >= 0) return { pid };
    reapLater(pid);
    return { error: errnoName(-executed.number()) };
  }

  return {
    reap,
    start(program, onStart) {
      const { stdin = devNull, stdout = devNull, stderr = devNull } = program;
      const { directory = -1, limits = NO_LIMITS } = program;
      const slot = slotFor({ limits, hasDirectory: directory >= 0 });
      const { list, child, givenUp, pid } = slot;
      for (const word of [givenUp, slot.cloned, pid, slot.executed]) word.setNumber(0);
      const texts = textsOf(program);
      slot.texts = texts.memory;
      child.setTexts(texts);
      child.setDescriptors(
        outOfTheWay(stdin, slot),
        outOfTheWay(stdout, slot),
        outOfTheWay(stderr, slot),
        outOfTheWay(directory, slot),
      );
      let state: 'starting' | 'given-up' | 'over' = 'starting';
      let lastPid = 0;

      function end(start: Start): void {
        const isTooLate = state === 'given-up' && 'pid' in start;
        state = 'over';
        lastPid = pid.number();
        release(slot);
        // It has begun at the same moment.
        if (isTooLate) killBegun(lastPid);
        onStart(start);
      }

      function killChild(): void {
        if (state !== 'given-up') return;
        if (pid.number() > 0) killBegun(pid.number());
        // Between the clone and its pid lies a moment.
        else setTimeout(killChild, AGAIN_MILLISECONDS);
      }

      const refusal = threads.run(list, () => end(outcomeOf(slot)));
      if (refusal !== undefined) setImmediate(end, { error: refusal });
      return {
        pid: () => (state === 'over' ? lastPid : pid.number()),
        giveUp() {
          if (state !== 'starting') return;
          state = 'given-up';
          givenUp.setNumber(1);
          killChild();
        },
      };
    },
  };
}
