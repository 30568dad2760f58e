// A call list that reads a whole command line, joins its arguments by blanks, and looks for strings in it.
import type { Libc } from '../libc/koffi.ts';
import type { MachineCode } from '../libc/machine-code.ts';
import { AT_FDCWD, O_CLOEXEC, type SystemCalls } from '../libc/system-calls.ts';
import type { ThreadList, Threads } from '../libc/threads.ts';
import { PATH_BYTES, type PutProcessPath } from './process-path.ts';

export type SearchList = {
  readonly list: ThreadList;
  readonly strings: readonly Buffer[];
  readonly memory: number;
  setProcess(pid: number, task: number | undefined): void;
  /** How long the line is, or a negative errno; undefined when it has not come to that. */
  length(): number | undefined;
  /** Of each string, at the end. */
  found(): boolean[];
};

/** `memory`: the address of MAX_LINE_BYTES. */
export type CreateSearchList = (strings: readonly Buffer[], memory: number) => SearchList;

/** Anybody can give a process a command line of any size (prctl(2), PR_SET_MM); what lies behind this is not looked at. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

const NO_ANSWER = -(2 ** 31);
const MADV_DONTNEED = 4;
const LIST_BYTES = 1024;
/** Two calls and their answer. */
const STRING_BYTES = 256;

export function prepareSearchLists(
  libc: Libc,
  threads: Threads,
  { blanks }: MachineCode,
  calls: SystemCalls,
  putPath: PutProcessPath,
): CreateSearchList {
  const [memcpy, memmem] = [Number(libc.symbol('memcpy', 'void')), Number(libc.symbol('memmem', 'void'))];

  return (strings, memory) => {
    const bytes = strings.reduce((sum, string) => sum + string.length + STRING_BYTES, LIST_BYTES);
    const list = threads.newList(bytes);
    const [path, length] = [list.area(PATH_BYTES), list.area(8)];
    const close = list.label();
    const open = list.add({ system: calls.openat, arguments: [AT_FDCWD, path.address, O_CLOEXEC] });
    const read = list.add({
      system: calls.read,
      arguments: [0, memory, MAX_LINE_BYTES],
      below: close,
      zero: close,
    });
    const join = list.add({ function: blanks, arguments: [memory] });
    read.setResults(length.address, join.argument(1));
    const answers = strings.map((string) => {
      const [text, answer] = [list.area(string.length), list.area(8)];
      string.copy(text.bytes);
      const haystackLength = list.add({ function: memcpy, arguments: [0, length.address, 8] });
      const search = list.add({
        function: memmem,
        arguments: [memory, 0, text.address, string.length],
        results: [answer.address],
      });
      haystackLength.setArgument(0, search.argument(1));
      return answer;
    });
    list.place(close);
    const closing = list.add({ system: calls.close });
    open.setResults(read.argument(0), closing.argument(0));
    list.add({ system: calls.madvise, arguments: [memory, MAX_LINE_BYTES, MADV_DONTNEED] });
    list.seal();
    return {
      list,
      strings,
      memory,
      setProcess(pid, task) {
        putPath(path.bytes, pid, task);
        length.setNumber(NO_ANSWER);
      },
      length() {
        const answer = length.number();
        if (answer === NO_ANSWER) return undefined;
        const descriptor = read.argumentValue(0);
        return descriptor < 0 ? descriptor : answer;
      },
      found() {
        // In an empty line there is nothing to search.
        if (length.number() === 0) return strings.map(({ length: wanted }) => wanted === 0);
        return answers.map((answer) => answer.number() !== 0);
      },
    };
  };
}
