// Tells a PARAM line from a PENT line, also when it is mistyped, so that what is said about it fits. A known
// keyword as the first word wins over colons (a dump path may hold some), four colons win over a mistyped one.
import { explainLookalike, findLookalike, foldLookalikes, isLookalikeBlank } from './lookalikes.ts';
import { nearest } from './nearest.ts';
import { PARAMETER_KEYWORDS, type ParameterLine } from './parameters.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import { cut, isBlank, type Span, trimBlanks, unescapedColons } from './span.ts';

export type PentLine = {
  readonly kind: 'pent';
  readonly content: Span;
};

const FULL_WIDTH_COLON = '\uFF1A';
const PENT_COLONS = 4;

/** What kind of line this is; undefined after reporting that it is none, or has turned out to be a comment. */
export function classifyLine(content: Span, report: Report): ParameterLine | PentLine | undefined {
  const line = withoutLookalikeIndent(content, report);
  if (line === undefined) return undefined;
  const word = /^[^ \t]*/.exec(line.raw)?.[0] ?? '';
  if (PARAMETER_KEYWORDS.includes(word)) return parameterLine(line, word.length, word.length, word);
  const colons = unescapedColons(line.raw).length;
  if (colons >= PENT_COLONS) return { kind: 'pent', content: line };
  const mistyped = mistypedParameter(line, report);
  if (mistyped) return mistyped;
  if (colons > 0 || line.raw.includes(FULL_WIDTH_COLON)) return { kind: 'pent', content: line };
  const expected = `expected ${PARAMETER_KEYWORDS.join(', ')}, or a line NAME:SCRIPT:GRACE:RETRY:ACTION`;
  report.error(line, 'unknown-keyword', `unknown keyword ${quote(word)} (${expected})`);
  return undefined;
}

function withoutLookalikeIndent(content: Span, report: Report): Span | undefined {
  if (isLookalikeBlank(content.raw[0])) {
    report.error(content, 'lookalike', `the line begins with ${explainLookalike(content.raw.slice(0, 1))}`);
  }
  let start = 0;
  while (isBlank(content.raw[start]) || isLookalikeBlank(content.raw[start])) start += 1;
  const line = trimBlanks(cut(content, start));
  if (line.raw.startsWith('\uFF03')) {
    report.error(line, 'lookalike', `the comment begins with ${explainLookalike('\uFF03')}`);
    return undefined;
  }
  return line.raw === '' || line.raw.startsWith('#') ? undefined : line;
}

/** A keyword with a typo, in full-width letters, or with something other than a blank behind it. */
function mistypedParameter(line: Span, report: Report): ParameterLine | undefined {
  const match = /^([\w-]+)([ \t]*[=:]|[ \t]|$)/.exec(foldLookalikes(line.raw));
  const [whole = '', word = '', separator = ''] = match ?? [];
  const meant = nearest(word, PARAMETER_KEYWORDS);
  if (meant === undefined) return undefined;
  const isSign = /[=:]$/.test(separator);
  // A process may have a name that looks like a keyword, so a sign is only a mistake behind a true keyword.
  if (isSign && word.toUpperCase() !== meant) return undefined;
  const lookalike = findLookalike(cut(line, 0, whole.length));
  const unknown = `unknown keyword ${quote(line.raw.slice(0, word.length))}`;
  if (lookalike) {
    report.error(lookalike, 'lookalike', `${meant} is written with ${explainLookalike(lookalike.raw)}`);
  } else if (isSign) {
    const text = `${quote(separator.trim())} after ${meant} (expected a blank): write "${meant} VALUE"`;
    report.error(cut(line, whole.length - 1), 'bad-separator', text);
  }
  if (word !== meant) report.error(line, 'unknown-keyword', `${unknown}, did you mean ${meant}?`);
  return parameterLine(line, word.length, whole.length, meant);
}

function parameterLine(line: Span, keywordEnd: number, valueStart: number, meant: string): ParameterLine {
  return {
    kind: 'parameter',
    keyword: cut(line, 0, keywordEnd),
    meant,
    value: trimBlanks(cut(line, valueStart)),
  };
}
