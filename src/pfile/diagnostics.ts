// How a diagnostic is shown: `FILE:LINE:COLUMN: error: TEXT`, the line itself, and a caret under the place.
// What a pfile holds never reaches the terminal unchecked.
import { splitLines } from './lines.ts';
import { sanitise } from './quote.ts';
import type { Diagnostic } from './types.ts';
import { columnsOf } from './width.ts';

const SHOWN_COLUMNS_MAX = 100;
const SHOWN_COLUMNS_BEFORE_CARET = 60;

/** Three lines without a newline at the end; `text` is the pfile's text, for the line that is meant. */
export function formatDiagnostic(path: string, diagnostic: Diagnostic, text: string): string {
  const { line, column, severity = 'error' } = diagnostic;
  const heading = `${sanitise(path)}:${line}:${column}: ${severity}: ${sanitise(diagnostic.text)}`;
  const characters = [...(splitLines(text)[line - 1] ?? '')].map(showable);
  const [start, end] = windowAround(characters, column - 1);
  const before = characters.slice(start, column - 1);
  const shown = characters.slice(start, end).join('');
  return [
    heading,
    `${start > 0 ? '…' : ''}${shown}${end < characters.length ? '…' : ''}`,
    `${start > 0 ? ' ' : ''}${before.map(blankLike).join('')}^`,
  ].join('\n');
}

function showable(character: string): string {
  return character === '\t' ? character : sanitise(character);
}

/** The part of a line that is shown: all of it, or what fits around the caret. */
function windowAround(characters: readonly string[], caret: number): [start: number, end: number] {
  const widths = characters.map(columnsOf);
  if (widths.reduce((sum, width) => sum + width, 0) <= SHOWN_COLUMNS_MAX) return [0, characters.length];
  let start = Math.min(caret, characters.length);
  let end = start;
  let used = 0;
  while (start > 0 && used + (widths[start - 1] ?? 0) <= SHOWN_COLUMNS_BEFORE_CARET) {
    start -= 1;
    used += widths[start] ?? 0;
  }
  while (end < characters.length && used + (widths[end] ?? 0) <= SHOWN_COLUMNS_MAX) {
    used += widths[end] ?? 0;
    end += 1;
  }
  return [start, end];
}

/** A tab stays a tab, so that the caret stands right whatever the terminal's tab stops are. */
function blankLike(character: string): string {
  return character === '\t' ? '\t' : ' '.repeat(columnsOf(character));
}
