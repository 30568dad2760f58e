// Hashes of bytes (FNV-1a, 32 bits): by them what was read before is known again without being kept, and rules
// are found without a comparison with each. Two texts with one hash cost a second look, where one is taken.

const OFFSET = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/** Of the bytes from `from` up to `to`; `seed` is the hash of what stands before them. */
export function hashBytes(bytes: Uint8Array, from: number, to: number, seed = OFFSET): number {
  let hash = seed;
  for (let position = from; position < to; position++) {
    hash = Math.imul(hash ^ (bytes[position] ?? 0), PRIME);
  }
  return hash;
}

/** The same, but the four bytes at every `step` in one go: of all where that is 4. Behind the end of the buffer stands 0. */
export function hashWords(bytes: Uint8Array, from: number, to: number, step = 4, seed = OFFSET): number {
  let hash = seed;
  for (let at = from; at < to; at += step) {
    const word =
      (bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
    hash = Math.imul(hash ^ word, PRIME);
  }
  return hash;
}
