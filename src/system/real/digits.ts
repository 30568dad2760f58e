// Whole numbers as decimal digits in bytes, without strings: paths and directories of /proc have thousands of them.

const ZERO = 0x30;
const NINE = 0x39;

/** Writes the number, which is not negative, at `at`; where it ends. */
export function putDigits(into: Buffer, at: number, number: number): number {
  let length = 1;
  for (let bound = 10; bound <= number; bound *= 10) length += 1;
  let rest = number;
  for (let position = at + length - 1; position >= at; position--) {
    into[position] = ZERO + (rest % 10);
    // Whole at once: a fraction would be an object.
    rest = (rest - (rest % 10)) / 10;
  }
  return at + length;
}

/** The number that begins there, 0 for anything else. */
export function digitsAt(bytes: Buffer, from: number): number {
  let value = 0;
  for (let at = from; ; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) return value;
    if (byte < ZERO || byte > NINE) return 0;
    value = value * 10 + (byte - ZERO);
  }
}
