// Has a child make a part of a list. It shares pcheck's memory and nothing else, and can be left behind: where no signal
// ends a call (a FUSE server has taken the request and does not answer), pcheck can end, and its locks with it.
import { constants } from 'node:os';
import type { CallList, Label } from './call-list.ts';
import type { CloseFrom } from './close-from.ts';
import type { Libc } from './koffi.ts';
import type { SystemCalls } from './system-calls.ts';

/** `addCalls`: what the child calls, which has no descriptor open; it goes to `exit` where it breaks off. */
export type AddInChild = (list: CallList, addCalls: (exit: Label) => void) => InChild;

export type InChild = {
  /** Before each run. */
  prepare(): void;
  /** After it: a negative errno where the child was not made, or did not come to its end. */
  error(): number;
};

/** Linux's own numbers (sched.h, prctl.h, wait.h). */
const CLONE_VM = 0x100;
const CLONE_FILES = 0x400;
const CLONE_VFORK = 0x4000;
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;
const WALL = 0x40000000;

export function createAddInChild(libc: Libc, calls: SystemCalls, closeFrom: CloseFrom): AddInChild {
  const memcmp = Number(libc.symbol('memcmp', 'void'));
  const flags = CLONE_VM | CLONE_VFORK | (closeFrom.unshares ? CLONE_FILES : 0);
  /** Nobody waits for an answer any more. pcheck may have ended before it is asked for: then somebody else is the parent. */
  function dieWithPcheck(list: CallList, exit: Label): void {
    const [own, found] = [list.area(8), list.area(8)];
    own.setNumber(process.pid);
    list.add({ system: calls.prctl, arguments: [PR_SET_PDEATHSIG, SIGKILL] });
    list.add({ system: calls.getppid, results: [found.address] });
    list.add({ function: memcmp, arguments: [own.address, found.address, 8], below: exit, above: exit });
  }

  return (list, addCalls) => {
    const [cloned, status] = [list.area(8), list.area(8)];
    const [parent, exit] = [list.label(), list.label()];
    const clone = list.add({ system: calls.clone, arguments: [flags, 0], below: 'finish', above: parent });
    dieWithPcheck(list, exit);
    const prepareClosing = closeFrom.add(list, 0);
    addCalls(exit);
    list.place(exit);
    list.add({ system: calls.exitGroup });
    list.place(parent);
    const wait = list.add({ system: calls.wait4, arguments: [0, status.address, WALL, 0] });
    clone.setResults(cloned.address, wait.argument(0));
    return {
      prepare() {
        status.setNumber(0);
        prepareClosing();
      },
      error() {
        if (cloned.number() < 0) return cloned.number();
        return status.number() === 0 ? 0 : -constants.errno.EINTR;
      },
    };
  };
}
