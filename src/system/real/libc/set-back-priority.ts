// Sets back in a child what raises pcheck above others, and only that: a lower priority was meant for the program too. It
// is asked in the child, which has what its thread has, not what pcheck has by now.
import { constants as files } from 'node:fs';
import type { Call, CallList, PlacedCall } from './call-list.ts';
import type { Libc } from './koffi.ts';
import { AT_FDCWD, O_CLOEXEC, type SystemCalls } from './system-calls.ts';

const IOPRIO_WHO_PROCESS = 1;
/** SCHED_FIFO, SCHED_RR, SCHED_DEADLINE (sched.h). */
const REAL_TIME_POLICIES = [1, 2, 6];

export function createAddSetBack(
  libc: Libc,
  calls: SystemCalls,
  oomScoreFile = '/proc/self/oom_score_adj',
): (list: CallList) => void {
  const address = (name: string) => Number(libc.symbol(name, 'void'));
  const [memchr, memcmp, memcpy] = [address('memchr'), address('memcmp'), address('memcpy')];

  /** Makes the call when this byte of an earlier call's result is one of these. */
  function when(
    list: CallList,
    asked: PlacedCall,
    byte: number,
    values: readonly number[],
    call: Call,
  ): void {
    const without = list.label();
    const [result, known] = [list.area(8), list.area(values.length)];
    known.bytes.set(values);
    asked.setResults(result.address);
    const copy = list.add({ function: memcpy, arguments: [0, result.address + byte, 1] });
    const find = list.add({ function: memchr, arguments: [known.address, 0, values.length], zero: without });
    copy.setArgument(0, find.argument(1));
    list.add(call);
    list.place(without);
  }

  function setBackOomScore(list: CallList): void {
    const without = list.label();
    const path = list.text(oomScoreFile);
    const flags = files.O_RDWR | O_CLOEXEC;
    const open = list.add({ system: calls.openat, arguments: [AT_FDCWD, path, flags], below: without });
    const [score, minus] = [list.area(8), list.text('-')];
    const read = list.add({ system: calls.read, arguments: [0, score.address, 8] });
    const isNegative = { function: memcmp, arguments: [score.address, minus, 1] };
    list.add({ ...isNegative, below: without, above: without });
    const write = list.add({ system: calls.write, arguments: [0, list.text('0'), 1] });
    open.setResults(read.argument(0), write.argument(0));
    list.place(without);
  }

  return (list) => {
    const { schedGetscheduler, schedSetscheduler, getpriority, setpriority, ioprioGet, ioprioSet } = calls;
    const sched = list.add({ system: schedGetscheduler, arguments: [0] });
    when(list, sched, 0, REAL_TIME_POLICIES, {
      system: schedSetscheduler,
      arguments: [0, 0, list.area(8).address],
    });
    // The system call itself says 20 less the nice value.
    const nice = list.add({ system: getpriority, arguments: [0, 0] });
    when(list, nice, 0, range(21, 40), { system: setpriority, arguments: [0, 0, 0] });
    const io = list.add({ system: ioprioGet, arguments: [IOPRIO_WHO_PROCESS, 0] });
    // The class is in the bits from 13 on: 1 is that of real time.
    when(list, io, 1, range(0x20, 0x3f), { system: ioprioSet, arguments: [IOPRIO_WHO_PROCESS, 0, 0] });
    setBackOomScore(list);
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
