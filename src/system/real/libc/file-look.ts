// One look at a file at a time for each question and path: who asks meanwhile is told by the next one, so that a file
// system that hangs holds one thread for each path, however often that is asked about.
import { constants } from 'node:os';
import { type CreateFileList, type FileList, MAX_PATH_BYTES, type Question } from './file-lists.ts';
import { errnoName } from './koffi.ts';
import { createLanes } from './lanes.ts';
import { tell } from './tell.ts';
import type { Threads } from './threads.ts';

export type Failure = { readonly error: string };
export type OnAnswer<Answer> = (answer: Answer | Failure) => void;

export type Looks = {
  /** What is asked in the same way: `read` takes from the list what the calls have answered. */
  define<Answer>(question: Question, read: (list: FileList, answer: number) => Answer): Look<Answer>;
};

/** `option`: as `setPath` of file-lists.ts has it; `capacity`: bytes that may be read. */
export type Look<Answer> = (
  path: string,
  option: number,
  capacity: number,
  onAnswer: OnAnswer<Answer>,
) => void;

/** The same look. */
type Wanted = {
  readonly key: string;
  readonly path: string;
  readonly option: number;
  readonly capacity: number;
};

const LOOKS_AT_ONCE = 4;
const FREE_LISTS = 8;
/** Larger ones are not kept. */
const MAX_FREE_CAPACITY = 65_536;
const AGAIN_MILLISECONDS = 100;
const { EAGAIN, EINTR, EMFILE, ENAMETOOLONG, ENFILE, ENOENT, ENOMEM } = constants.errno;
/** That says nothing of the file. */
const LACKS: readonly number[] = [EAGAIN, EINTR, EMFILE, ENFILE, ENOMEM];

export function createLooks(threads: Threads, createList: CreateFileList): Looks {
  const lanes = createLanes(LOOKS_AT_ONCE);
  const free: FileList[] = [];

  function take(question: Question, capacity: number): FileList {
    const at = free.findIndex((list) => list.question === question && list.capacity === capacity);
    return (at < 0 ? undefined : free.splice(at, 1)[0]) ?? createList(question, capacity);
  }

  function release(list: FileList): void {
    if (list.capacity > MAX_FREE_CAPACITY) return;
    free.push(list);
    if (free.length > FREE_LISTS) free.shift();
  }

  function look(question: Question, wanted: Wanted, onEnd: (list: FileList, answer: number) => void): void {
    function again(list: FileList): void {
      release(list);
      setTimeout(look, AGAIN_MILLISECONDS, question, wanted, onEnd);
    }
    function begin(done: () => void): void {
      const list = take(question, wanted.capacity);
      list.setPath(wanted.path, wanted.option);
      const error = threads.run(list.list, () => {
        done();
        const answer = list.answer();
        if (LACKS.includes(-answer)) again(list);
        else {
          onEnd(list, answer);
          release(list);
        }
      });
      if (error === undefined) return;
      again(list);
      done();
    }
    lanes.run({ begin, hangs: () => true });
  }

  return {
    define<Answer>(question: Question, read: (list: FileList, answer: number) => Answer): Look<Answer> {
      const waiting = new Map<string, OnAnswer<Answer>[]>();

      function begin(wanted: Wanted, callbacks: readonly OnAnswer<Answer>[]): void {
        waiting.set(wanted.key, []);
        look(question, wanted, (list, answer) => {
          const next = waiting.get(wanted.key) ?? [];
          waiting.delete(wanted.key);
          const told = answer < 0 ? failure(-answer) : read(list, answer);
          if (next.length > 0) begin(wanted, next);
          for (const callback of callbacks) tell(callback, told);
        });
      }

      return (path, option, capacity, onAnswer) => {
        const error = whyNoPath(path);
        if (error !== undefined) {
          setImmediate(onAnswer, failure(error));
          return;
        }
        const key = `${option} ${capacity} ${path}`;
        const others = waiting.get(key);
        if (others === undefined) begin({ key, path, option, capacity }, [onAnswer]);
        else others.push(onAnswer);
      };
    },
  };
}

function failure(errno: number): Failure {
  return { error: errnoName(errno) };
}

/** As the kernel says it; it ends a path at a NUL. */
function whyNoPath(path: string): number | undefined {
  if (path.includes('\0')) return ENOENT;
  return Buffer.byteLength(path) < MAX_PATH_BYTES ? undefined : ENAMETOOLONG;
}
