// The words and variables of a program as execve(2) wants them: texts with a NUL behind each, and arrays of their
// addresses, in memory that stays where it is.
import type { Koffi } from './koffi.ts';

export type ProgramWords = {
  readonly path: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Its environment too; the same object for every program. */
  readonly inherited: Readonly<Record<string, string>>;
};

/** Addresses. */
export type ProgramTexts = {
  readonly path: number;
  readonly words: number;
  readonly variables: number;
  /** The same program as an argument of the shell. */
  readonly shell: number;
  readonly shellWords: number;
  /** Holds the memory. */
  readonly memory: readonly Buffer[];
};

type Texts = { readonly memory: Buffer; readonly addresses: readonly number[] };

export function createProgramTexts(koffi: Koffi): (program: ProgramWords) => ProgramTexts {
  const shell = placeTexts(koffi, ['/bin/sh']);
  const [atShell = 0] = shell.addresses;
  const known = new WeakMap<object, { readonly texts: Texts; readonly pointers: Buffer }>();

  /** They do not change: they are placed once. */
  function inheritedTexts(inherited: ProgramWords['inherited']) {
    const before = known.get(inherited);
    if (before !== undefined) return before;
    const texts = placeTexts(koffi, assignments(inherited));
    const pointers = Buffer.alloc(texts.addresses.length * POINTER_BYTES);
    texts.addresses.forEach((address, index) => void writePointer(pointers, address, index * POINTER_BYTES));
    const placed = { texts, pointers };
    known.set(inherited, placed);
    return placed;
  }

  return ({ path, arguments: words, environment, inherited }) => {
    const own = placeTexts(koffi, [path, ...words, ...assignments(environment)]);
    const { texts, pointers } = inheritedTexts(inherited);
    const count = own.addresses.length + 3;
    const arrays = Buffer.allocUnsafeSlow(count * POINTER_BYTES + pointers.length);
    const base = Number(koffi.address(arrays));
    // The shell, the words, 0: with the shell and without it. Then the variables, 0.
    let at = writePointer(arrays, atShell, 0);
    own.addresses.forEach((address, index) => {
      if (index === words.length + 1) at = addVariables(arrays, at, pointers);
      at = writePointer(arrays, address, at);
    });
    if (own.addresses.length === words.length + 1) at = addVariables(arrays, at, pointers);
    writePointer(arrays, 0, at);
    const [atPath = 0] = own.addresses;
    return {
      path: atPath,
      words: base + POINTER_BYTES,
      variables: base + (words.length + 3) * POINTER_BYTES,
      shell: atShell,
      shellWords: base,
      memory: [own.memory, texts.memory, arrays, shell.memory],
    };
  };
}

const POINTER_BYTES = 8;
const TWO_TO_32 = 2 ** 32;

/** The end of the words, then what is inherited. */
function addVariables(arrays: Buffer, at: number, pointers: Buffer): number {
  const from = writePointer(arrays, 0, at);
  return from + pointers.copy(arrays, from);
}

/** Below 2^53, as all addresses of user space are. */
function writePointer(into: Buffer, pointer: number, at: number): number {
  into.writeUInt32LE(pointer % TWO_TO_32, at);
  into.writeUInt32LE(Math.floor(pointer / TWO_TO_32), at + 4);
  return at + POINTER_BYTES;
}

function placeTexts(koffi: Koffi, texts: readonly string[]): Texts {
  const memory = Buffer.allocUnsafeSlow(texts.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 1));
  const base = Number(koffi.address(memory));
  let at = 0;
  const addresses = texts.map((text) => {
    const begin = at;
    at += memory.write(text, at);
    memory[at] = 0;
    at += 1;
    return base + begin;
  });
  return { memory, addresses };
}

function assignments(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([key, value]) => `${key}=${value}`);
}
