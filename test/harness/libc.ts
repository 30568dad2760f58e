// What runs call lists, as the programs have it.
import { createCloseFrom } from '../../src/system/real/libc/close-from.ts';
import { prepareFileLists } from '../../src/system/real/libc/file-lists.ts';
import { createAddInChild } from '../../src/system/real/libc/in-child.ts';
import { loadMachineCode } from '../../src/system/real/libc/machine-code.ts';
import { systemCalls } from '../../src/system/real/libc/system-calls.ts';
import { createThreads } from '../../src/system/real/libc/threads.ts';

const koffi = await import('koffi');

/** `changes`: a number of a system call that the kernel does not have is a kernel without it. */
export function loadLibc(changes: Partial<ReturnType<typeof systemCalls>> = {}) {
  const libc = koffi.load(null);
  const [code, calls] = [loadMachineCode(libc), { ...systemCalls(), ...changes }];
  const threads = createThreads(koffi, libc, code, calls);
  const closeFrom = createCloseFrom(libc, code, calls);
  const addInChild = createAddInChild(libc, calls, closeFrom);
  const createFileList = prepareFileLists(libc, threads, calls, addInChild);
  return { koffi, libc, code, calls, threads, closeFrom, addInChild, createFileList };
}
