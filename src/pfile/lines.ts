// Cuts a pfile's text into lines and keeps those that say something. Decides what is a comment, and which
// characters may not be in a pfile at all; leaves the meaning of a line to others.
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { cut, type Span, trimBlanks } from './span.ts';

/** All lines, without their ends (LF or CRLF) and without a byte order mark. */
export function splitLines(text: string): string[] {
  const lines = (text.startsWith('\uFEFF') ? text.slice(1) : text).split('\n');
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** The lines that are neither blank nor comments, without the blanks around them. */
export function contentLines(text: string, report: Report): Span[] {
  return splitLines(text)
    .map((raw, index): Span => ({ line: index + 1, column: 1, raw }))
    .filter((whole) => hasUsableCharacters(whole, report))
    .map(trimBlanks)
    .filter((line) => line.raw !== '' && !line.raw.startsWith('#'));
}

/** One report a line is enough: text in a foreign encoding has dozens of them. False: the line cannot be read. */
function hasUsableCharacters(whole: Span, report: Report): boolean {
  const index = whole.raw.search(/(?!\t)[\p{Cc}\uFFFD]/u);
  if (index === -1) return true;
  const place = cut(whole, index, index + 1);
  const character = place.raw;
  if (character === '\0') {
    report.error(place, 'nul-byte', 'a NUL byte (expected UTF-8 text; is this UTF-16, or not a text file?)');
    return false;
  }
  if (character === '\r') {
    report.error(place, 'control-character', 'a carriage return inside a line: end lines with LF or CRLF');
    return false;
  }
  // A comment does no harm: an old Shift_JIS one must not keep a service from being watched.
  const isComment = trimBlanks(whole).raw.startsWith('#');
  const tell = isComment ? report.warning : report.error;
  if (character === '\uFFFD') {
    tell(place, 'invalid-utf8', 'not UTF-8 (Shift_JIS, EUC-JP or Latin-1?): save the file as UTF-8');
  } else {
    const code = character.charCodeAt(0).toString(16).padStart(2, '0');
    tell(
      place,
      'control-character',
      `a control character (0x${code}), shown as ${quote(character)}: remove it`,
    );
  }
  return true;
}
