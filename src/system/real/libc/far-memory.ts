// Large memory outside V8's heap for call lists: it takes room only as far as it is written to, and a list gives that
// back itself (madvise(2)).
import type { Libc } from './koffi.ts';

const PROT_READ_WRITE = 1 | 2;
const MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x22 | 0x4000;
const MAP_FAILED = 2 ** 63;

/** The address of so many zero bytes, for good; undefined when there is no memory. */
export function prepareFarMemory(libc: Libc, bytes: number): () => number | undefined {
  const mmap = libc.func('uint64_t mmap(uint64_t, size_t, int, int, int, long)');
  return () => {
    const address = Number(mmap(0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0));
    return address >= MAP_FAILED ? undefined : address;
  };
}
