// Paths in a pfile: absolute, because pcheck runs in `/` and its working folder must not matter.
// Whether something is there is the matter of check.ts.
import { explainLookalike, findLookalike } from './lookalikes.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Span } from './span.ts';

/** False after reporting that the path does not begin with `/`. */
export function isAbsolutePath(what: string, path: Span, report: Report): boolean {
  if (path.raw.startsWith('/')) return true;
  const text = `${what} must be an absolute path (expected a path that begins with "/", got ${quote(path.raw)})`;
  report.error(path, 'relative-path', `${text}${advice(path)}`);
  return false;
}

function advice(path: Span): string {
  const lookalike = findLookalike(path);
  if (lookalike?.column === path.column) return `: it begins with ${explainLookalike(lookalike.raw)}`;
  if (/^["']/.test(path.raw)) return ': write it without quotes';
  if (path.raw.startsWith('=')) return ': write it without "="';
  if (/^[~$]/.test(path.raw)) return ': no shell reads this line, write the whole path';
  return '';
}
