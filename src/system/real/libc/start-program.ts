// Starts a program in a thread: its exec may wait for a file system or a scanner, and nobody but that thread waits
// with it. As posix_spawn(3) does it, by vfork(2); what the child calls is in child-calls.ts.
import { closeSync, openSync } from 'node:fs';
import { type ChildCalls, type ChildForm, createAddChildCalls, type OwnLimits } from './child-calls.ts';
import { errnoName, type Koffi, type Libc } from './koffi.ts';
import { createProgramTexts, type ProgramWords } from './program-texts.ts';
import type { SystemCalls } from './system-calls.ts';
import type { ThreadList, Threads } from './threads.ts';

export type Program = ProgramWords & {
  /** /dev/null where none is given. */
  readonly stdin?: number | undefined;
  readonly stdout: number;
  readonly stderr: number;
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
const SIGCHLD = 17;
const F_DUPFD_CLOEXEC = 1030;
const O_CLOEXEC = 0o2000000;
const WNOHANG = 1;

/** Above the numbers that a child moves its own to. */
const DESCRIPTORS_FROM = 16;
const LIST_BYTES = 12_288;
const AGAIN_MILLISECONDS = 5;
/** Lists that are kept for the next starts. */
const FREE_SLOTS = 8;
const NO_LIMITS: OwnLimits = {};

/** The list of one start, and what it says. */
type Slot = {
  readonly form: ChildForm;
  readonly list: ThreadList;
  readonly child: ChildCalls;
  /** Not 0: nothing begins any more. */
  readonly givenUp: Word;
  /** A pid, or a negative errno. */
  readonly cloned: Word;
  /** Known as soon as there is a child. */
  readonly pid: Word;
  /** A negative errno. */
  readonly executed: Word;
};
type Word = ReturnType<ThreadList['area']>;

export function createProgramStarter(
  koffi: Koffi,
  libc: Libc,
  threads: Threads,
  calls: SystemCalls,
): ProgramStarter {
  const waitpid = libc.func('int waitpid(int, _Out_ int *, int)');
  const kill = libc.func('int kill(int, int)');
  const strnlen = Number(libc.symbol('strnlen', 'void'));
  const addChildCalls = createAddChildCalls(libc, calls);
  const textsOf = createProgramTexts(koffi);
  const [life] = openLifePipe(libc);
  const devNull = moved(libc, openSync('/dev/null', 'r+'));
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
    const child = addChildCalls(list, executed.address, life, form);
    list.seal();
    return { form, list, child, givenUp, cloned, pid, executed };
  }

  /** One whose start is over and that is of this form, or a new one. */
  function slotFor(form: ChildForm): Slot {
    const at = free.findIndex(
      (slot) => slot.form.limits === form.limits && slot.form.hasDirectory === form.hasDirectory,
    );
    return (at < 0 ? undefined : free.splice(at, 1)[0]) ?? newSlot(form);
  }

  function release(slot: Slot): void {
    if (free.length < FREE_SLOTS) free.push(slot);
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
      const { stdin = devNull, stdout, stderr, directory = -1, limits = NO_LIMITS } = program;
      const slot = slotFor({ limits, hasDirectory: directory >= 0 });
      const { list, child, givenUp, cloned, pid, executed } = slot;
      for (const word of [givenUp, cloned, pid, executed]) word.setNumber(0);
      const texts = textsOf(program);
      child.setDescriptors(stdin, stdout, stderr, directory);
      child.setTexts(texts);
      let state: 'starting' | 'given-up' | 'over' = 'starting';
      let lastPid = 0;

      /** `texts` are held until here. */
      function end(start: Start, { memory } = texts): void {
        const isTooLate = state === 'given-up' && 'pid' in start && memory.length > 0;
        state = 'over';
        lastPid = pid.number();
        release(slot);
        // It has begun at the same moment.
        if (isTooLate) kill(-lastPid, SIGKILL);
        onStart(start);
      }

      function killChild(): void {
        if (state !== 'given-up') return;
        if (pid.number() > 0) kill(pid.number(), SIGKILL);
        // Between the clone and its pid lies a moment.
        else setTimeout(killChild, AGAIN_MILLISECONDS);
      }

      const error = threads.run(list, () => end(outcomeOf(slot)));
      if (error !== undefined) setImmediate(end, { error });
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

const SIGKILL = 9;

/** Only pcheck has the end for writing: it is never used, and closed with pcheck, however that ends. */
function openLifePipe(libc: Libc): readonly [number, number] {
  const ends = Buffer.alloc(8);
  if (libc.func('int pipe2(uint8_t *, int)')(ends, O_CLOEXEC) !== 0) throw new Error('no pipe can be made');
  return [moved(libc, ends.readInt32LE(0)), moved(libc, ends.readInt32LE(4))];
}

function moved(libc: Libc, descriptor: number): number {
  const higher: number = libc.func('int fcntl(int, int, ...)')(
    descriptor,
    F_DUPFD_CLOEXEC,
    'int',
    DESCRIPTORS_FROM,
  );
  closeSync(descriptor);
  return higher;
}
