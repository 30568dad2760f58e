// Finds the known word that a mistyped one was meant to be, and says it; near means at most a third of the
// word wrong, and never more than three letters.

const EDITS_MAX = 3;

/** The nearest of the known words, or undefined when none is near. Letter case does not count. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  // A pfile may be one word of a megabyte.
  if (known.every((candidate) => Math.abs(candidate.length - word.length) > EDITS_MAX)) return undefined;
  const lowerWord = word.toLowerCase();
  let best: string | undefined;
  let bestEdits = EDITS_MAX + 1;
  for (const candidate of known) {
    const limit = Math.min(bestEdits - 1, Math.floor(candidate.length / 3));
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const edits = countEdits(lowerWord, candidate.toLowerCase(), limit);
    if (edits === undefined) continue;
    best = candidate;
    bestEdits = edits;
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other; undefined when it takes more than `limit`. */
function countEdits(word: string, other: string, limit: number): number | undefined {
  const [from, to] = withoutCommonEnds(word, other);
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    let least = row;
    // Further away from the diagonal it takes more than the limit.
    const end = Math.min(to.length, row + limit);
    for (let column = Math.max(1, row - limit); column <= end; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const edits = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
      current[column] = edits;
      least = Math.min(least, edits);
    }
    // A swap reaches back by two rows, and costs one.
    if (least > limit + 1) return undefined;
    beforeLast = last;
    last = current;
  }
  const edits = at(last, to.length);
  return edits <= limit ? edits : undefined;
}

function withoutCommonEnds(word: string, other: string): [string, string] {
  const shorter = Math.min(word.length, other.length);
  let start = 0;
  while (start < shorter && word[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && word.at(-1 - end) === other.at(-1 - end)) end += 1;
  return [word.slice(start, word.length - end), other.slice(start, other.length - end)];
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
