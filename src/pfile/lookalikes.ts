// Characters that a person takes for an ASCII one and a parser does not: the full-width forms of a Japanese
// keyboard, and blanks that come along with pasted text. Only used to explain a mistake: inside a name or a
// string they are ordinary characters.
import { quote } from './quote.ts';
import { cut, type Span } from './span.ts';

const PATTERN = /[\u{FF01}-\u{FF5E}\u{3000}\u{A0}\u{200B}\u{FEFF}]/u;
const EVERY = new RegExp(PATTERN, 'gu');
const BLANKS: Readonly<Record<string, string>> = {
  '\u3000': 'a full-width blank',
  '\u00A0': 'a no-break blank',
  '\u200B': 'an invisible character',
  '\uFEFF': 'an invisible character',
};

/** The first lookalike in a piece of a line, as a piece of its own. */
export function findLookalike(span: Span): Span | undefined {
  const index = span.raw.search(PATTERN);
  return index === -1 ? undefined : cut(span, index, index + 1);
}

/** What a lookalike is and what to write instead, as in `a full-width colon "：": write ":"`. */
export function explainLookalike(character: string): string {
  const meant = foldCharacter(character);
  if (meant === ' ')
    return `${BLANKS[character] ?? 'a blank'} (${codePoint(character)}): write an ordinary blank`;
  return `a full-width ${kindOf(meant)} ${quote(character)}: write ${quote(meant)}`;
}

/** The same text with each lookalike replaced by what it looks like; string indexes stay the same. */
export function foldLookalikes(raw: string): string {
  return raw.replace(EVERY, foldCharacter);
}

export function isLookalikeBlank(character: string | undefined): boolean {
  return character !== undefined && character in BLANKS;
}

function foldCharacter(character: string): string {
  return character in BLANKS ? ' ' : String.fromCharCode(character.charCodeAt(0) - 0xfee0);
}

function kindOf(meant: string): string {
  if (meant === ':') return 'colon';
  if (/\d/.test(meant)) return 'digit';
  return /[a-z]/i.test(meant) ? 'letter' : 'character';
}

function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
