// Which of many strings is part of one of many others, in a time that grows with their length and not with their
// product (Aho and Corasick, 1975): an entry may have ten thousand strings of each kind.

/** The first of `parts` that occurs in one of `wholes`; empty ones occur nowhere. */
export function firstContained(parts: readonly string[], wholes: readonly string[]): string | undefined {
  const trie = createTrie(parts);
  const isSeen = new Uint8Array(trie.size);
  let first = NO_PART;
  for (const whole of wholes) {
    let node = ROOT;
    for (let index = 0; index < whole.length; index += 1) {
      node = trie.step(node, whole.charCodeAt(index));
      // All that ends here: a node that was seen has told of the shorter ones behind it.
      for (let end = node; end !== ROOT && isSeen[end] === 0; end = trie.fallback(end)) {
        isSeen[end] = 1;
        first = Math.min(first, trie.partAt(end));
      }
    }
  }
  return parts[first];
}

const ROOT = 0;
const NO_PART = Number.POSITIVE_INFINITY;
const CODES = 0x10000;

type Trie = {
  readonly size: number;
  /** Where one more code unit leads: to the longest beginning of a part that ends with it. */
  step(node: number, code: number): number;
  /** The longest shorter beginning of a part that the node's text ends with. */
  fallback(node: number): number;
  /** Which part the node's text is, the first of equal ones. */
  partAt(node: number): number;
};

function createTrie(parts: readonly string[]): Trie {
  // One map for all edges, of node and code unit.
  const edges = new Map<number, number>();
  const partOf = [NO_PART];
  const fallbacks = [ROOT];
  let row = parts.map((part, index) => ({ part, index, node: ROOT })).filter(({ part }) => part !== '');

  function step(from: number, code: number): number {
    let node = from;
    let next = edges.get(node * CODES + code);
    while (next === undefined && node !== ROOT) {
      node = fallbacks[node] ?? ROOT;
      next = edges.get(node * CODES + code);
    }
    return next ?? ROOT;
  }

  // All beginnings of one length after those that are shorter: a fallback is.
  for (let length = 0; row.length > 0; length += 1) {
    const added: { readonly node: number; readonly parent: number; readonly code: number }[] = [];
    for (const place of row) {
      const code = place.part.charCodeAt(length);
      const known = edges.get(place.node * CODES + code);
      if (known === undefined) {
        added.push({ node: partOf.length, parent: place.node, code });
        edges.set(place.node * CODES + code, partOf.length);
        partOf.push(NO_PART);
      }
      place.node = known ?? partOf.length - 1;
      if (length === place.part.length - 1) {
        partOf[place.node] = Math.min(partOf[place.node] ?? NO_PART, place.index);
      }
    }
    for (const { node, parent, code } of added) {
      fallbacks[node] = parent === ROOT ? ROOT : step(fallbacks[parent] ?? ROOT, code);
    }
    row = row.filter(({ part }) => part.length > length + 1);
  }
  return {
    size: partOf.length,
    step,
    fallback: (node) => fallbacks[node] ?? ROOT,
    partAt: (node) => partOf[node] ?? NO_PART,
  };
}
