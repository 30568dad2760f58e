// A command line as hashes, in one pass over its bytes: of all of it, and of the arguments that rules ask for by
// name. So a line that has not changed is known again, and most processes are no rule's candidate at once.
import { hashBytes } from './hash.ts';

export type LineHashes = {
  whole: number;
  /** Of argv[0] to argv[2]; undefined where there is no such argument. */
  readonly arguments: (number | undefined)[];
  /** Of what stands behind the last slash of argv[0], as basename(1) has it. */
  baseName: number;
};

const ARGUMENTS = 3;
const SLASH = 0x2f;

export function createLineHashes(): LineHashes {
  return { whole: 0, arguments: [], baseName: 0 };
}

/** `bytes` as /proc/PID/cmdline has them: a NUL behind each argument. */
export function hashLine(bytes: Buffer, into: LineHashes): void {
  into.whole = hashBytes(bytes, 0, bytes.length);
  let from = 0;
  for (let index = 0; index < ARGUMENTS; index++) {
    if (from > bytes.length) {
      into.arguments[index] = undefined;
      continue;
    }
    const nul = bytes.indexOf(0, from);
    const to = nul < 0 ? bytes.length : nul;
    into.arguments[index] = hashBytes(bytes, from, to);
    if (index === 0) into.baseName = hashBaseName(bytes, to);
    from = to + 1;
  }
}

function hashBaseName(bytes: Buffer, length: number): number {
  let to = length;
  while (to > 1 && bytes[to - 1] === SLASH) to--;
  let from = to;
  while (from > 0 && bytes[from - 1] !== SLASH) from--;
  return hashBytes(bytes, from, to);
}
