// A list of system calls and functions of libc that a thread makes one after the other, without JavaScript: where a
// result goes, and which call follows it, stands in the list. Who runs it: threads.ts; how: machine-code.ts.
import type { Koffi } from './koffi.ts';

/** Where a list goes on: `next` is the call that is added next, `finish` its end. */
export type Target = 'next' | 'finish' | Label;

export type Label = { address: number; readonly waiting: number[] };

export type Call = {
  /** The number of a system call, or else the address of a function. */
  readonly system?: number;
  readonly function?: number;
  /** Six at most: numbers, and addresses of what lies in the list. */
  readonly arguments?: readonly number[];
  /** Where the result goes too: into the argument of a later call, say. A system call's is a negative errno on error. */
  readonly results?: readonly [number, number?];
  readonly below?: Target;
  readonly zero?: Target;
  readonly above?: Target;
};

export type PlacedCall = {
  readonly address: number;
  /** The address of an argument, for the result of an earlier call. */
  argument(index: number): number;
  setArgument(index: number, value: number): void;
  argumentValue(index: number): number;
  /** Where its result goes, for a call whose result a later one takes. */
  setResults(one: number, other?: number): void;
  /** Goes on at this address whatever the result; 0 ends the thread. */
  setNext(address: number): void;
};

export type CallList = {
  /** The address of its first call. */
  first(): number;
  add(call: Call): PlacedCall;
  label(): Label;
  /** The next call that is added is meant. */
  place(label: Label): void;
  /** Zeroed memory of the list's own. */
  area(bytes: number): Area;
  /** A text with a NUL behind it. */
  text(text: string): number;
  /** The calls that `finish` means follow. */
  beginFinish(): void;
};

export type Area = {
  readonly address: number;
  readonly bytes: Buffer;
  /** The word of eight bytes at this offset, as a signed number. */
  number(offset?: number): number;
  setNumber(value: number, offset?: number): void;
};

/** Layout of a call: the function or 0, six arguments, the number of the system call, two results, three targets. */
const WORDS = 13;
const WORD_BYTES = 8;
const ARGUMENTS = 1;
const SYSTEM = 7;
const RESULTS = 8;
const TARGETS = 10;
const TWO_TO_32 = 2 ** 32;

export function createCallList(koffi: Koffi, capacityBytes: number): CallList {
  // Its own memory outside V8's heap: it never moves.
  const buffer = Buffer.allocUnsafeSlow(capacityBytes);
  const words = new Uint32Array(buffer.buffer, 0, capacityBytes / 4);
  const base = Number(koffi.address(buffer));
  // The first word, for results that nobody asks for.
  const discarded = base;
  let [used, first] = [WORD_BYTES, 0];
  let last: { readonly at: number; readonly isNext: readonly boolean[] } | undefined;
  const placed: Label[] = [];
  const finish = newLabel();

  function reserve(bytes: number): number {
    const at = used;
    used += Math.ceil(bytes / WORD_BYTES) * WORD_BYTES;
    if (used > capacityBytes) throw new Error(`a call list of ${capacityBytes} bytes is full`);
    return at;
  }

  /** `at` counts bytes; negative numbers are two's complement. */
  function setWord(at: number, value: number): void {
    words[at / 4] = value % TWO_TO_32;
    words[at / 4 + 1] = Math.floor(value / TWO_TO_32);
  }

  function getWord(at: number): number {
    return ((words[at / 4 + 1] ?? 0) | 0) * TWO_TO_32 + (words[at / 4] ?? 0);
  }

  function setTarget(at: number, target: Target): void {
    const label = target === 'finish' ? finish : target;
    if (label === 'next') setWord(at, 0);
    else if (label.address === 0) label.waiting.push(at);
    else setWord(at, label.address);
  }

  function placeAt(label: Label, address: number): void {
    label.address = address;
    for (const at of label.waiting.splice(0)) setWord(at, address);
  }

  /** The call that is added there comes after the last one, and where labels say so. */
  function follow(address: number): void {
    last?.isNext.forEach((isNext, index) => {
      if (isNext) setWord((last?.at ?? 0) + (TARGETS + index) * WORD_BYTES, address);
    });
    for (const label of placed.splice(0)) placeAt(label, address);
  }

  function area(bytes: number): Area {
    const at = reserve(bytes);
    const view = buffer.subarray(at, at + bytes).fill(0);
    return {
      address: base + at,
      bytes: view,
      number: (offset = 0) => getWord(at + offset),
      setNumber: (value, offset = 0) => setWord(at + offset, value),
    };
  }

  return {
    first: () => first,
    area,
    text(text) {
      const bytes = Buffer.byteLength(text);
      const at = reserve(bytes + 1);
      buffer.write(text, at);
      buffer[at + bytes] = 0;
      return base + at;
    },
    label: newLabel,
    place: (label) => void placed.push(label),
    beginFinish: () => void placed.push(finish),
    add(call) {
      const at = reserve(WORDS * WORD_BYTES);
      const address = base + at;
      follow(address);
      const { arguments: given = NONE, results = NONE } = call;
      setWord(at, call.function ?? 0);
      for (let index = 0; index < 6; index++)
        setWord(at + (ARGUMENTS + index) * WORD_BYTES, given[index] ?? 0);
      setWord(at + SYSTEM * WORD_BYTES, call.system ?? 0);
      setWord(at + RESULTS * WORD_BYTES, results[0] ?? discarded);
      setWord(at + (RESULTS + 1) * WORD_BYTES, results[1] ?? discarded);
      const targets = [call.below ?? 'next', call.zero ?? 'next', call.above ?? 'next'] as const;
      targets.forEach((target, index) => void setTarget(at + (TARGETS + index) * WORD_BYTES, target));
      const isNext = targets.map((target) => target === 'next');
      if (first === 0) first = address;
      last = { at, isNext };
      return {
        address,
        argument: (index) => address + (ARGUMENTS + index) * WORD_BYTES,
        setArgument: (index, value) => setWord(at + (ARGUMENTS + index) * WORD_BYTES, value),
        argumentValue: (index) => getWord(at + (ARGUMENTS + index) * WORD_BYTES),
        setResults(one, other = discarded) {
          setWord(at + RESULTS * WORD_BYTES, one);
          setWord(at + (RESULTS + 1) * WORD_BYTES, other);
        },
        setNext(next) {
          for (let index = 0; index < 3; index++) setWord(at + (TARGETS + index) * WORD_BYTES, next);
        },
      };
    },
  };
}

const NONE: readonly never[] = [];

function newLabel(): Label {
  return { address: 0, waiting: [] };
}
