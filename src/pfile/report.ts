// How the readers of a pfile tell of a mistake: they report it and go on, so that every mistake is found.
// The order of the list is decided here; how it looks is decided in diagnostics.ts.
import type { Diagnostic, DiagnosticCode } from './types.ts';

type Place = { readonly line: number; readonly column: number };

export type Report = {
  error(place: Place, code: DiagnosticCode, text: string): void;
  warning(place: Place, code: DiagnosticCode, text: string): void;
};

/** A report that keeps what it is told in `diagnostics`. */
export function reportInto(diagnostics: Diagnostic[]): Report {
  return {
    error: ({ line, column }, code, text) =>
      diagnostics.push({ line, column, code, text, severity: 'error' }),
    warning: ({ line, column }, code, text) =>
      diagnostics.push({ line, column, code, text, severity: 'warning' }),
  };
}

/** By line, then column; what was reported first stays first at the same place. */
export function inFileOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.line - b.line || a.column - b.column);
}

export function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity !== 'warning';
}
