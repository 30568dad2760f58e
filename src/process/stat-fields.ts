// One /proc/PID/stat record (proc_pid_stat(5)) as numbers that are overwritten by the next: whoever reads thousands
// of them makes no garbage. What the numbers mean for matching is decided elsewhere.
import { hashBytes } from './hash.ts';

export type StatFields = {
  /** Where comm is in the bytes. */
  commFrom: number;
  commTo: number;
  commHash: number;
  /** A character's code. */
  state: number;
  ppid: number;
  processGroup: number;
  session: number;
  flags: number;
  threads: number;
  startTicks: number;
  startStack: number;
  /** Another one after every exec, and when comm was set: a hash of comm and of the program's addresses (fields 26 to 28, 45 to 51). */
  image: number;
};

const PF_KTHREAD = 0x00200000;
const OPENING_PARENTHESIS = 0x28;
const CLOSING_PARENTHESIS = 0x29;
const BLANK = 0x20;
const MINUS = 0x2d;
const ZERO = 0x30;
const ZOMBIE = 0x5a;
const DEAD = 0x58;
const DEAD_OLD = 0x78;

export function createStatFields(): StatFields {
  return {
    commFrom: 0,
    commTo: 0,
    commHash: 0,
    state: 0,
    ppid: 0,
    processGroup: 0,
    session: 0,
    flags: 0,
    threads: 0,
    startTicks: 0,
    startStack: 0,
    image: 0,
  };
}

/** Whether the first `length` bytes hold a record; the fields are of it then. */
export function readStat(bytes: Buffer, length: number, fields: StatFields): boolean {
  let open = 0;
  while (open < length && bytes[open] !== OPENING_PARENTHESIS) open++;
  let close = length - 1;
  // comm may itself hold parentheses and blanks: its end is the last closing one.
  while (close > open && bytes[close] !== CLOSING_PARENTHESIS) close--;
  if (close <= open) return false;
  fields.commFrom = open + 1;
  fields.commTo = close;
  fields.state = bytes[close + 2] ?? 0;
  let position = close + 4;
  let addressesFrom = length;
  for (let number = FIRST_NUMBER; number <= LAST_NUMBER; number++) {
    if (position >= length) return false;
    if (number === FIRST_ADDRESS) addressesFrom = position;
    const isWanted = WANTED[number] === 1;
    const isNegative = isWanted && bytes[position] === MINUS;
    if (isNegative) position++;
    let value = 0;
    for (let byte = bytes[position]; position < length && byte !== BLANK; byte = bytes[++position]) {
      if (isWanted) value = value * 10 + ((byte ?? 0) - ZERO);
    }
    position++;
    if (isWanted) setField(fields, number, isNegative ? -value : value);
  }
  const addressesTo = position;
  for (let number = LAST_NUMBER + 1; number < FIRST_BREAK && position < length; position++) {
    if (bytes[position] === BLANK) number++;
  }
  fields.commHash = hashBytes(bytes, fields.commFrom, fields.commTo);
  const image = hashBytes(bytes, addressesFrom, addressesTo, fields.commHash);
  fields.image = hashBytes(bytes, position, lastBlank(bytes, length), image);
  return true;
}

/**
 * Whether the record is one of a process that runs. A zombie is gone; one whose leader has ended while other
 * threads run is shown as a zombie too, but with more than one thread (SPEC 3).
 */
export function isRunning(fields: StatFields): boolean {
  if (isZombie(fields)) return fields.threads > 1;
  return fields.state !== DEAD && fields.state !== DEAD_OLD;
}

/** The main thread has not ended, or nobody knows better. */
export function hasLeader(fields: StatFields): boolean {
  return !isZombie(fields);
}

function isZombie({ state }: StatFields): boolean {
  return state === ZOMBIE;
}

export function isKernelThread({ flags }: StatFields): boolean {
  return (flags & PF_KTHREAD) !== 0;
}

/** Numbers count as in proc_pid_stat(5). */
const FIRST_NUMBER = 4;
const FIRST_ADDRESS = 26;
const LAST_NUMBER = 28;
/** 1 for those that setField takes. */
const WANTED = Uint8Array.from({ length: LAST_NUMBER + 1 }, (_, number) =>
  Number([4, 5, 6, 9, 20, 22, 28].includes(number)),
);
const FIRST_BREAK = 45;

function setField(fields: StatFields, number: number, value: number): void {
  switch (number) {
    case 4:
      fields.ppid = value;
      break;
    case 5:
      fields.processGroup = value;
      break;
    case 6:
      fields.session = value;
      break;
    case 9:
      fields.flags = value;
      break;
    case 20:
      fields.threads = value;
      break;
    case 22:
      fields.startTicks = value;
      break;
    case 28:
      fields.startStack = value;
      break;
  }
}

/** The last field is the status of one that has ended (52): it is no part of the image. */
function lastBlank(bytes: Buffer, length: number): number {
  let position = length - 1;
  while (position > 0 && bytes[position] !== BLANK) position--;
  return position;
}
