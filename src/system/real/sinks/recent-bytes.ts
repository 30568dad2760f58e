// The last bytes of a stream, by their position in it, in memory that never grows: what was handed on and may have to be
// handed on again.

export type RecentBytes = {
  add(bytes: Buffer): void;
  /** From this position on. Nothing, when that is too far back to be kept. */
  since(position: number): Buffer;
  /** How many there have been. */
  total(): number;
  /** A new stream begins. */
  clear(): void;
};

export function createRecentBytes(capacityBytes: number): RecentBytes {
  const ring = Buffer.alloc(capacityBytes);
  let total = 0;
  return {
    add(bytes) {
      const kept = bytes.subarray(Math.max(0, bytes.length - capacityBytes));
      const at = (total + bytes.length - kept.length) % capacityBytes;
      const first = kept.copy(ring, at);
      kept.copy(ring, 0, first);
      total += bytes.length;
    },
    since(position) {
      const length = total - position;
      if (length <= 0 || length > capacityBytes) return Buffer.alloc(0);
      const at = position % capacityBytes;
      const first = ring.subarray(at, at + length);
      return Buffer.concat([first, ring.subarray(0, length - first.length)]);
    },
    total: () => total,
    clear() {
      total = 0;
    },
  };
}
