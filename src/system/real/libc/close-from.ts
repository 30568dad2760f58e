// In a child that shares pcheck's memory: all descriptors from a number on are closed. What it kept open, a lock above
// all, would be held as long as the child hangs.
import { readdirSync } from 'node:fs';
import type { CallList } from './call-list.ts';
import type { Libc } from './koffi.ts';
import type { MachineCode } from './machine-code.ts';
import type { SystemCalls } from './system-calls.ts';

export type CloseFrom = {
  /** Whether the child may begin with pcheck's own table of descriptors, which costs nothing. */
  readonly unshares: boolean;
  /** Adds the calls to a list. What it hands back is to be called before each run. */
  add(list: CallList, first: number): () => void;
};

const ALL_DESCRIPTORS = 0x7fffffff;
const CLOSE_RANGE_UNSHARE = 2;

export function createCloseFrom(libc: Libc, code: MachineCode, calls: SystemCalls): CloseFrom {
  const memcmp = Number(libc.symbol('memcmp', 'void'));
  if (hasCloseRange(libc, calls)) {
    return {
      unshares: true,
      add(list, first) {
        list.add({
          system: calls.closeRange,
          arguments: [first, ALL_DESCRIPTORS, CLOSE_RANGE_UNSHARE],
        });
        return () => undefined;
      },
    };
  }
  return {
    unshares: false,
    add(list, first) {
      const end = list.area(8);
      const again = list.label();
      list.place(again);
      const close = list.add({ system: calls.close, arguments: [first] });
      const increment = list.add({ function: code.add, arguments: [first, 1] });
      increment.setResults(increment.argument(0), close.argument(0));
      list.add({
        function: memcmp,
        arguments: [increment.argument(0), end.address, 8],
        below: again,
        above: again,
      });
      return () => {
        close.setArgument(0, first);
        increment.setArgument(0, first);
        end.setNumber(Math.max(first, ...readdirSync('/proc/self/fd').map(Number)) + 1);
      };
    },
  };
}

/** Linux 5.9. */
function hasCloseRange(libc: Libc, calls: SystemCalls): boolean {
  const syscall = libc.func('long syscall(long, uint32_t, uint32_t, uint32_t)');
  return syscall(calls.closeRange, ALL_DESCRIPTORS, ALL_DESCRIPTORS, 0) === 0;
}
