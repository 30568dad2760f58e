// How a diagnostic is shown: `FILE:LINE:COLUMN: error: TEXT`, the line itself, and a caret under the place.
// What a pfile holds never reaches the terminal unchecked.
import { splitLines } from './lines.ts';
import { sanitise } from './quote.ts';
import type { Diagnostic } from './types.ts';
import { columnsOf } from './width.ts';

const MAX_COLUMNS = 100;
const MAX_COLUMNS_BEFORE_CARET = 60;
/** Marks take no column of their own, and a line may hold a million of them. */
const MAX_CHARACTERS = 400;

/** Makes three lines of a diagnostic, without a newline at the end. `text` is the pfile's: those of one line in their order cost it once. */
export function diagnosticFormatter(path: string, text: string): (diagnostic: Diagnostic) => string {
  const lines = splitLines(text);
  const indexOf = createIndexFinder(lines);
  return ({ line, column, severity = 'error', text: told }) => {
    const raw = lines[line - 1] ?? '';
    const caret = indexOf(line, column);
    const [start, end] = excerptAround(raw, caret);
    const shown = [...raw.slice(start, end)].map(showable).join('');
    const before = [...raw.slice(start, caret)].map(showable).map(blankLike).join('');
    return [
      `${sanitise(path)}:${line}:${column}: ${severity}: ${sanitise(told)}`,
      `${start > 0 ? '…' : ''}${shown}${end < raw.length ? '…' : ''}`,
      `${start > 0 ? ' ' : ''}${before}^`,
    ].join('\n');
  };
}

/** Finds the string index of a column, which counts characters, going on from where it was. */
function createIndexFinder(lines: readonly string[]): (line: number, column: number) => number {
  let last = { line: 0, column: 1, index: 0 };
  return (line, column) => {
    const raw = lines[line - 1] ?? '';
    let at = line === last.line && column >= last.column ? last : { line, column: 1, index: 0 };
    while (at.column < column && at.index < raw.length) {
      at = { line, column: at.column + 1, index: at.index + lengthAt(raw, at.index) };
    }
    last = at;
    return at.index;
  };
}

/** The part of a line that is shown, as string indexes: all of it, or what fits around the caret. */
function excerptAround(raw: string, caret: number): [start: number, end: number] {
  if (forward(raw, 0) === raw.length) return [0, raw.length];
  let start = caret;
  let columns = 0;
  for (let count = 0; start > 0 && count < MAX_CHARACTERS; count += 1) {
    const before = start - (isPairAt(raw, start - 2) ? 2 : 1);
    columns += widthAt(raw, before);
    if (columns > MAX_COLUMNS_BEFORE_CARET) break;
    start = before;
  }
  return [start, Math.max(caret, forward(raw, start))];
}

/** How far as much as can be shown goes. */
function forward(raw: string, start: number): number {
  let end = start;
  let columns = 0;
  for (let count = 0; end < raw.length && count < 2 * MAX_CHARACTERS; count += 1) {
    columns += widthAt(raw, end);
    if (columns > MAX_COLUMNS) break;
    end += lengthAt(raw, end);
  }
  return end;
}

function widthAt(raw: string, index: number): number {
  return columnsOf(showable(raw.slice(index, index + lengthAt(raw, index))));
}

function lengthAt(raw: string, index: number): number {
  return isPairAt(raw, index) ? 2 : 1;
}

/** Whether one character takes two places of the string there. */
function isPairAt(raw: string, index: number): boolean {
  return (raw.codePointAt(index) ?? 0) > 0xffff;
}

function showable(character: string): string {
  return character === '\t' ? character : sanitise(character);
}

/** A tab stays a tab, so that the caret stands right whatever the terminal's tab stops are. */
function blankLike(character: string): string {
  return character === '\t' ? '\t' : ' '.repeat(columnsOf(character));
}
