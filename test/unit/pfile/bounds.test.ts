// Pfiles as large as they may be, made to cost as much as they can: each is read, and what is shown of it made, in a
// time that grows with its length. What grew with the square took half a minute for each of them.
import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { diagnosticFormatter } from '../../../src/pfile/diagnostics.ts';
import { readPfile } from '../../../src/pfile/read.ts';
import type { DiagnosticCode } from '../../../src/pfile/types.ts';
import { fakeFiles, lines, PARAM, PENT } from './fakes.ts';

/** Many times what a busy machine needs. */
const MAX_SECONDS = 10;

function strings(prefix: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 100_000}`).join('&');
}

function numbered(count: number, line: (index: number) => string): string {
  return lines(...PARAM, ...Array.from({ length: count }, (_, index) => line(index)));
}

const CASES: ReadonlyArray<readonly [what: string, text: string, code: DiagnosticCode | undefined]> = [
  ['100,000 unknown options', lines(...PARAM, `${PENT}${':optoin=x'.repeat(100_000)}`), 'unknown-option'],
  ['100,000 options twice', lines(...PARAM, `${PENT}${':start_wait=1'.repeat(75_000)}`), 'duplicate-option'],
  ['400,000 empty options', lines(...PARAM, `${PENT}${':'.repeat(400_000)}`), 'empty-option'],
  ['300,000 options without a sign', lines(...PARAM, `${PENT}${':ab'.repeat(300_000)}`), 'bad-option'],
  ['characters of two places', lines(...PARAM, `${PENT}${':𠮷=x'.repeat(100_000)}`), 'unknown-option'],
  [
    'a million empty strings',
    lines(...PARAM, `${PENT}:include_strings=${'&'.repeat(1_000_000)}`),
    'empty-string',
  ],
  [
    '40,000 strings of each kind',
    lines(
      ...PARAM,
      `${PENT}:include_strings=${strings('in', 40_000)}:exclude_strings=${strings('ex', 40_000)}`,
    ),
    undefined,
  ],
  [
    'strings that begin alike',
    lines(
      ...PARAM,
      `${PENT}:include_strings=${'a'.repeat(500_000)}:exclude_strings=${Array.from({ length: 900 }, (_, n) => `${'a'.repeat(n)}b`).join('&')}`,
    ),
    undefined,
  ],
  ['40,000 mistyped keywords', numbered(40_000, () => 'MONITOR_INTERVA 10'), 'unknown-keyword'],
  ['one word', lines('MONITOR_INTERVAL'.repeat(60_000)), 'unknown-keyword'],
  ['blanks', lines(...PARAM, `MONITOR_INTERVA${' '.repeat(1_000_000)}x`), 'unknown-keyword'],
  ['digits', lines(...PARAM, `MONITOR_INTERVAL 1.${'1'.repeat(1_000_000)}!`), 'bad-number'],
  ['backslashes', lines(...PARAM, `${PENT}:include_strings=${'\\'.repeat(1_000_000)}`), undefined],
  ['marks without a width', lines(...PARAM, `${PENT}x${'\u0301'.repeat(500_000)}`), 'bad-action'],
  ['half a million steps', lines(...PARAM, `j:${'/a'.repeat(500_000)}:::`), 'script-missing'],
  ['10,000 entries', numbered(10_000, (index) => `j${index}:/s.sh:::`), undefined],
  ['10,000 entries that are the same', numbered(10_000, () => PENT), 'duplicate-pent'],
  ['10,000 scripts', numbered(10_000, (index) => `j:/d/${index}.sh:::`), 'script-missing'],
];

for (const [what, text, code] of CASES) {
  test(`a pfile of ${what} is read in seconds`, async () => {
    const began = performance.now();
    const reading = await readPfile('/p', fakeFiles({ '/p': { kind: 'file', text } }));
    const diagnostics = reading.ok ? reading.warnings : reading.diagnostics;
    const shown = diagnostics.slice(0, 50).map(diagnosticFormatter('/p', text));
    const seconds = (performance.now() - began) / 1000;
    assert.ok(seconds < MAX_SECONDS, `${seconds} s`);
    assert.equal(
      code === undefined || diagnostics.some((diagnostic) => diagnostic.code === code),
      true,
      `no ${code}`,
    );
    assert.ok(shown.every((item) => item.length < 5000));
  });
}
