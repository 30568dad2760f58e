// How the readers of a pfile tell of a mistake: they report it and go on, so that every mistake is found.
// The order of the list is decided here; how it looks is decided in diagnostics.ts.
import type { Diagnostic, DiagnosticCode } from './types.ts';

type Place = { readonly line: number; readonly column: number };

/** A text that takes some looking is made when it is read: of a hundred thousand mistakes fifty are shown. */
type Text = string | (() => string);

export type Report = {
  error(place: Place, code: DiagnosticCode, text: Text): void;
  warning(place: Place, code: DiagnosticCode, text: Text): void;
};

/** A report that keeps what it is told in `diagnostics`. */
export function reportInto(diagnostics: Diagnostic[]): Report {
  return {
    error: (place, code, text) => diagnostics.push(diagnostic(place, code, text, 'error')),
    warning: (place, code, text) => diagnostics.push(diagnostic(place, code, text, 'warning')),
  };
}

function diagnostic(
  { line, column }: Place,
  code: DiagnosticCode,
  text: Text,
  severity: 'error' | 'warning',
): Diagnostic {
  if (typeof text === 'string') return { line, column, code, text, severity };
  return {
    line,
    column,
    code,
    severity,
    get text() {
      return text();
    },
  };
}

/** By line, then column; what was reported first stays first at the same place. */
export function inFileOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
}

export function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity !== 'warning';
}
