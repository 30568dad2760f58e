// A piece of a pfile that knows where it stands, and the ways to cut it into smaller ones.
// Pieces stay as they are written: `unescapeField` comes last, so that places remain true.

export type Span = {
  readonly line: number;
  readonly column: number;
  readonly raw: string;
};

/** The part from `start` to before `end`, both counted as string indexes into `raw`. */
export function cut(span: Span, start: number, end: number = span.raw.length): Span {
  return {
    line: span.line,
    column: span.column + countCharacters(span.raw.slice(0, start)),
    raw: span.raw.slice(start, end),
  };
}

/** Without spaces and tabs at both ends; one that holds nothing else stays at its beginning. */
export function trimBlanks(span: Span): Span {
  let start = 0;
  let end = span.raw.length;
  while (end > 0 && isBlank(span.raw[end - 1])) end -= 1;
  if (end === 0) return { ...span, raw: '' };
  while (isBlank(span.raw[start])) start += 1;
  return cut(span, start, end);
}

/** The parts between one-character separators that stand at the given string indexes. */
export function splitAt(span: Span, indexes: readonly number[]): Span[] {
  const parts: Span[] = [];
  let start = 0;
  let column = span.column;
  for (const index of [...indexes, span.raw.length]) {
    const raw = span.raw.slice(start, index);
    parts.push({ line: span.line, column, raw });
    // One walk over the whole line: counting each part from the line's beginning would be quadratic.
    column += countCharacters(raw) + 1;
    start = index + 1;
  }
  return parts;
}

/** Where a character stands, as string indexes. */
export function indexesOf(raw: string, character: string): number[] {
  const indexes: number[] = [];
  for (let at = raw.indexOf(character); at !== -1; at = raw.indexOf(character, at + 1)) indexes.push(at);
  return indexes;
}

/** The string indexes of the colons that no backslash hides. */
export function unescapedColons(raw: string): number[] {
  return [...raw.matchAll(/\\[:\\]|:/g)].flatMap(({ 0: found, index }) => (found === ':' ? [index] : []));
}

/** `\:` and `\\` stand for `:` and `\`; any other backslash is itself. */
export function unescapeField(raw: string): string {
  return raw.replace(/\\([\\:])/g, '$1');
}

export function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function countCharacters(raw: string): number {
  return raw.length - (raw.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}
