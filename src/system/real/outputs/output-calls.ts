// Calls on output files, each made by a thread: what their disk, or the server behind it, takes for them is not waited for.
// None of them makes a file or changes one.
import { constants as files } from 'node:fs';
import { addOpen, OPEN_BYTES, type Opened } from '../files/open-call.ts';
import { codeOf, type Failed, inThread, type ThreadCalls } from '../libc/in-thread.ts';
import { AT_FDCWD, O_CLOEXEC } from '../libc/system-calls.ts';

export type OutputCalls = {
  /** For writing at their ends; none is made, no link is followed. */
  open(
    directory: number,
    names: readonly string[],
    onEnd: (results: readonly (Opened | Failed)[] | Failed) => void,
  ): void;
  /** Of the file of this descriptor, which may be for writing only: as many bytes as there are, up to so many. */
  read(descriptor: number, from: number, bytes: number, onEnd: (read: Buffer | Failed) => void): void;
  close(descriptor: number): void;
};

const { O_NOFOLLOW, O_NONBLOCK, O_NOCTTY, O_WRONLY, O_APPEND, O_RDONLY } = files;

export function createOutputCalls({ threads, systemCalls }: ThreadCalls): OutputCalls {
  return {
    open(directory, names, onEnd) {
      // Without O_NONBLOCK a FIFO in its place would be waited for.
      const flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
      inThread(
        threads,
        (names.length + 1) * OPEN_BYTES,
        (list) => {
          const reads = names.map((name) => addOpen(list, systemCalls, directory, name, flags).read);
          return () => reads.map((read) => read());
        },
        onEnd,
      );
    },
    read(descriptor, from, bytes, onEnd) {
      inThread(
        threads,
        OPEN_BYTES + bytes,
        (list) => {
          const [buffer, length, without] = [list.area(bytes), list.area(8), list.label()];
          const path = list.text(`/proc/self/fd/${descriptor}`);
          const open = list.add({
            system: systemCalls.openat,
            arguments: [AT_FDCWD, path, O_RDONLY | O_CLOEXEC],
            below: without,
          });
          const read = list.add({
            system: systemCalls.pread64,
            arguments: [0, buffer.address, bytes, from],
            results: [length.address],
          });
          const close = list.add({ system: systemCalls.close });
          open.setResults(read.argument(0), close.argument(0));
          list.place(without);
          return () => {
            const opened = read.argumentValue(0);
            const result = opened < 0 ? opened : length.number();
            return result < 0 ? { error: codeOf(result) } : buffer.bytes.subarray(0, result);
          };
        },
        onEnd,
      );
    },
    close(descriptor) {
      inThread(
        threads,
        OPEN_BYTES,
        (list) => {
          list.add({ system: systemCalls.close, arguments: [descriptor] });
          return () => undefined;
        },
        // Without a thread it stays open until pcheck ends.
        () => undefined,
      );
    },
  };
}
