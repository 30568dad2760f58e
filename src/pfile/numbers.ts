// Numbers in a pfile: strict decimal (and hexadecimal for IPCKEY), each with its range. Decides what is said
// about a bad one, with a guess at what was meant; which number has which range is the callers' matter.
import * as z from 'zod/mini';
import { IPCKEY_MAX, IPCKEY_MIN, IPCKEY_PATTERN } from './lenient.ts';
import { explainLookalike, findLookalike } from './lookalikes.ts';
import { quote } from './quote.ts';
import type { Report } from './report.ts';
import type { Span } from './span.ts';

export type NumberRule = {
  readonly expected: string;
  readonly schema: z.ZodMiniType<number, string>;
};

export function wholeNumber(min: number, max: number): NumberRule {
  return rule(/^-?\d+$/, min, max, `a whole number from ${min} to ${max}`);
}

export function wholeSeconds(min: number, max: number): NumberRule {
  return rule(/^-?\d+$/, min, max, `whole seconds from ${min} to ${max}`);
}

export function seconds(min: number, max: number): NumberRule {
  return rule(/^-?\d+(\.\d+)?$/, min, max, `seconds from ${min} to ${max}, a fraction is allowed`);
}

export function ipckeyNumber(): NumberRule {
  return rule(IPCKEY_PATTERN, IPCKEY_MIN, IPCKEY_MAX, 'a hexadecimal number from 0x1 to 0xffffffff');
}

/** The number that stands there, or after reporting what is wrong with it the fallback. */
export function readNumber(
  what: string,
  value: Span,
  { schema, expected }: NumberRule,
  fallback: number,
  report: Report,
): number {
  const result = schema.safeParse(value.raw);
  if (result.success) return result.data;
  const lookalike = findLookalike(value);
  const got = `expected ${expected}, got ${value.raw === '' ? 'nothing' : quote(value.raw)}`;
  if (lookalike) {
    report.error(lookalike, 'lookalike', `${what} has ${explainLookalike(lookalike.raw)} (${got})`);
  } else if (result.error.issues.some((issue) => issue.code === 'invalid_format')) {
    report.error(
      value,
      'bad-number',
      `${what} cannot be read as a number (${got})${advice(value.raw, expected)}`,
    );
  } else {
    report.error(value, 'out-of-range', `${what} is out of range (${got})`);
  }
  return fallback;
}

function rule(pattern: RegExp, min: number, max: number, expected: string): NumberRule {
  const schema = z.pipe(
    // Adding 0 turns the -0 of "-0" into a plain 0.
    z.pipe(
      z.string().check(z.regex(pattern)),
      z.transform((digits: string) => Number(digits) + 0),
    ),
    z.number().check(z.gte(min), z.lte(max)),
  );
  return { expected, schema };
}

function advice(raw: string, expected: string): string {
  const hexadecimal = expected.includes('0x');
  if (raw.includes('#')) return ': a comment needs a line of its own';
  if (/^["'].*["']$/.test(raw)) return ': write it without quotes';
  if (raw.startsWith('=')) return ': write it without "="';
  if (raw.startsWith('+')) return ': write it without "+"';
  if (hexadecimal) return /^[0-9a-f]+$/i.test(raw) ? ': write it with "0x" in front' : '';
  if (/^0x/i.test(raw)) return ': write it in decimal digits';
  if (/^\d+(\.\d+)?e\d+$/i.test(raw)) return ': write out all digits';
  if (/^\d+,\d+$/.test(raw)) return ': write it without ","';
  if (/^\d+(\.\d+)?\s*[a-z]+$/i.test(raw)) return ': write it without a unit';
  if (/^\d+\.\d+$/.test(raw)) return ': write it without a fraction';
  return '';
}
