// Reads one /proc/PID/stat record (proc_pid_stat(5)) out of bytes. What the numbers mean for matching is
// decided elsewhere.

export type Stat = {
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  readonly processGroup: number;
  readonly session: number;
  readonly isKernelThread: boolean;
  readonly threads: number;
  readonly startTicks: number;
  /** Where the stack of its program begins: a fork has its parent's, every exec draws a new one. 0 when not permitted to know. */
  readonly startStack: number;
};

const PF_KTHREAD = 0x00200000;
const CLOSING_PARENTHESIS = 0x29;
const BLANK = 0x20;

/** The record in the first `length` bytes, or undefined when they hold none (a process that ended meanwhile). */
export function parseStat(bytes: Buffer, length: number): Stat | undefined {
  const open = bytes.indexOf('(');
  // comm may itself hold parentheses and blanks: its end is the last closing one.
  const close = bytes.subarray(0, length).lastIndexOf(CLOSING_PARENTHESIS);
  if (open < 0 || close < open) return undefined;
  const numbers: number[] = [];
  let position = close + 4;
  while (position < length && numbers.length < FIELDS_NEEDED) {
    let value = 0;
    const negative = bytes[position] === 0x2d;
    if (negative) position++;
    for (; position < length && bytes[position] !== BLANK; position++) {
      value = value * 10 + ((bytes[position] ?? 0) - 0x30);
    }
    numbers.push(negative ? -value : value);
    position++;
  }
  if (numbers.length < FIELDS_NEEDED) return undefined;
  return {
    comm: bytes.toString('utf8', open + 1, close),
    state: String.fromCharCode(bytes[close + 2] ?? 0),
    ppid: field(numbers, 4),
    processGroup: field(numbers, 5),
    session: field(numbers, 6),
    isKernelThread: (field(numbers, 9) & PF_KTHREAD) !== 0,
    threads: field(numbers, 20),
    startTicks: field(numbers, 22),
    startStack: field(numbers, 28),
  };
}

/**
 * Whether the record is one of a process that runs. A zombie is gone; one whose leader has ended while other
 * threads run is shown as a zombie too, but with more than one thread (SPEC 3).
 */
export function isRunning(stat: Stat): boolean {
  switch (stat.state) {
    case 'Z':
      return stat.threads > 1;
    case 'X':
    case 'x':
      return false;
    default:
      return true;
  }
}

const FIRST_NUMBER = 4;
const FIELDS_NEEDED = 28 - FIRST_NUMBER + 1;

/** `number` counts as in proc_pid_stat(5). */
function field(numbers: readonly number[], number: number): number {
  return numbers[number - FIRST_NUMBER] ?? 0;
}
