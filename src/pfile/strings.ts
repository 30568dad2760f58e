// Text in a PENT line that is compared with a process: NAME and the strings of an option, taken as they are
// written. What is allowed but hardly meant (quotes, blanks at an end) is a warning.
import { explainLookalike } from './lookalikes.ts';
import type { Report } from './report.ts';
import { cut, indexesOf, isBlank, type Span, splitAt, unescapeField } from './span.ts';

/** The strings of `A&B`; nothing at all is no strings. */
export function readStrings(what: string, value: Span, report: Report): string[] {
  if (value.raw === '') return [];
  const pieces = splitAt(value, indexesOf(value.raw, '&'));
  const wide = value.raw.indexOf('\uFF06');
  if (wide !== -1) {
    const text = `${what} has ${explainLookalike('\uFF06')}, if it is meant to separate strings`;
    report.warning(cut(value, wide), 'lookalike', text);
  }
  return pieces.map((piece) => readPiece(what, piece, report));
}

export function readPlainText(what: string, text: Span, report: Report): string {
  warnOfQuotes(what, text, report);
  return unescapeField(text.raw);
}

/** Nothing takes quotes away here, and a process seldom has them in its command line. */
export function warnOfQuotes(what: string, text: Span, report: Report): void {
  const first = text.raw[0];
  if (first !== '"' && first !== "'") return;
  report.warning(
    text,
    'quotes',
    `${what} begins with a quote, which belongs to it: remove it if it is not meant`,
  );
}

function readPiece(what: string, piece: Span, report: Report): string {
  if (piece.raw === '') {
    report.error(piece, 'empty-string', `${what} has an empty string (expected A&B): remove the extra "&"`);
  } else if (isBlank(piece.raw[0]) || isBlank(piece.raw.at(-1))) {
    const text = `a blank beside "&" or "=" belongs to the string of ${what}: remove it if it is not meant`;
    report.warning(piece, 'blank-in-string', text);
  }
  return readPlainText(`a string of ${what}`, piece, report);
}
