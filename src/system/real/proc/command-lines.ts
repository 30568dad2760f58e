// Command lines of processes. Reading one takes the lock of its memory map, which anybody's process may hold for ever:
// so it is done in threads, and no answer may come.
import type { CommandLines } from '../../types.ts';
import type { Libc } from '../libc/koffi.ts';
import type { MachineCode } from '../libc/machine-code.ts';
import type { SystemCalls } from '../libc/system-calls.ts';
import type { Threads } from '../libc/threads.ts';
import { createHanging } from './hanging.ts';
import { createHeads } from './heads.ts';
import { createLineSearch } from './line-search.ts';
import { createProcessPaths } from './process-path.ts';
import { prepareSearchLists } from './search-list.ts';

export function createCommandLines(
  libc: Libc,
  threads: Threads,
  code: MachineCode,
  calls: SystemCalls,
  folder = '/proc',
): CommandLines {
  const putPath = createProcessPaths(folder, 'cmdline');
  const hanging = createHanging();
  const { readHead, flush } = createHeads(threads, calls, putPath, hanging);
  const createList = prepareSearchLists(libc, threads, code, calls, putPath);
  return { readHead, flush, search: createLineSearch(libc, threads, createList, hanging) };
}
