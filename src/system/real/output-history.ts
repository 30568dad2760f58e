// Positions in the output files of scripts that stay those of the same byte: over cuts, and while a file is not open. Of
// a file that lay at the same place before, no position is one of this file.

export type History = {
  readonly identity: string;
  /** The position of the file's first byte; it grows by what is cut away. */
  origin: number;
};

/** So far apart are the positions of two files that have lain at the same place. */
const APART = 2 ** 40;

/** The history of the file that lies there now, by its identity. */
export function createHistories(): (file: string, identity: string) => History {
  const histories = new Map<string, History>();
  return (file, identity) => {
    const before = histories.get(file);
    if (before?.identity === identity) return before;
    const history = { identity, origin: before === undefined ? 0 : before.origin + APART };
    histories.set(file, history);
    return history;
  };
}

/** Whether what stands so far behind the first byte is of an earlier file. */
export function isOfEarlierFile(offset: number): boolean {
  return offset < -APART / 2;
}
