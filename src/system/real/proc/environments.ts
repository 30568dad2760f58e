// Searches the environments of processes in threads: one that cannot be read just now holds up its own thread and nobody
// else. What is searched for, and what an answer means: src/monitor/take-over.ts.
import type { Environments } from '../../types.ts';
import type { Koffi, Libc } from '../libc/koffi.ts';
import { AT_FDCWD, O_CLOEXEC, type SystemCalls } from '../libc/system-calls.ts';
import type { ThreadList, Threads } from '../libc/threads.ts';

const CALL_BYTES = 640;
const TEXTS_BYTES = 1024;
/** What lies behind is not looked at; the memory is only touched as far as it is needed. */
const ENVIRONMENT_BYTES = 2 * 1024 * 1024;
/** So long one thread reads all of them; then each that is left has one of its own. */
const TOGETHER_MILLISECONDS = 100;
const LONGEST_MILLISECONDS = 1000;
/** More are not asked for one by one. */
const ALONE_MAXIMUM = 128;

type Word = ReturnType<ThreadList['area']>;
type Asked = { readonly pid: number; readonly isDone: Word; readonly found: Word };

export function createEnvironments(
  koffi: Koffi,
  libc: Libc,
  threads: Threads,
  calls: SystemCalls,
): Environments {
  const memmem = Number(libc.symbol('memmem', 'void'));

  /** Their answers, which come one by one; `onEnd` when all have come. None where no thread can be had. */
  function ask(pids: readonly number[], text: string, onEnd: () => void): readonly Asked[] {
    const list = threads.newList(pids.length * CALL_BYTES + TEXTS_BYTES);
    const bytes = Buffer.allocUnsafeSlow(ENVIRONMENT_BYTES);
    const address = Number(koffi.address(bytes));
    const needle = list.area(Buffer.byteLength(text));
    needle.bytes.write(text);
    const asked = pids.map((pid) => {
      const [isDone, found] = [list.area(8), list.area(8)];
      addRead(list, pid, address, [needle.address, needle.bytes.length], isDone.address, found.address);
      return { pid, isDone, found };
    });
    list.seal();
    // The memory is held until the last answer has come.
    const error = threads.run(list, () => bytes.length > 0 && onEnd());
    return error === undefined ? asked : [];
  }

  function addRead(
    list: ThreadList,
    pid: number,
    into: number,
    needle: readonly [number, number],
    isDone: number,
    found: number,
  ): void {
    const [close, next] = [list.label(), list.label()];
    const path = list.text(`/proc/${pid}/environ`);
    const open = list.add({ system: calls.openat, arguments: [AT_FDCWD, path, O_CLOEXEC], below: next });
    const read = list.add({ system: calls.read, arguments: [0, into, ENVIRONMENT_BYTES], below: close });
    const find = list.add({ function: memmem, arguments: [into, 0, ...needle], results: [found] });
    list.place(close);
    const end = list.add({ system: calls.close });
    open.setResults(read.argument(0), end.argument(0));
    read.setResults(find.argument(1));
    list.place(next);
    list.add({ system: calls.gettid, results: [isDone] });
  }

  return {
    search(pids, text, onFound) {
      let asked: readonly Asked[] = [];
      let isOver = false;
      function finish(): void {
        if (isOver) return;
        isOver = true;
        clearTimeout(apart);
        clearTimeout(latest);
        const holders = asked.filter(({ found }) => found.number() !== 0).map(({ pid }) => pid);
        onFound([...new Set(holders)]);
      }
      function askApart(): void {
        const hanging = asked.find(({ isDone }) => isDone.number() === 0)?.pid;
        const done = new Set(asked.filter(({ isDone }) => isDone.number() !== 0).map(({ pid }) => pid));
        const left = pids.filter((pid) => pid !== hanging && !done.has(pid));
        if (left.length === 0) finish();
        let open = left.length;
        const onEnd = () => {
          open -= 1;
          if (open === 0) finish();
        };
        for (const pid of left.slice(0, ALONE_MAXIMUM)) asked = [...asked, ...ask([pid], text, onEnd)];
      }
      const apart = setTimeout(askApart, TOGETHER_MILLISECONDS);
      const latest = setTimeout(finish, LONGEST_MILLISECONDS);
      asked = ask(pids, text, finish);
    },
  };
}
