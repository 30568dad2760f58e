// The dump file as text: what went in comes out, and nothing else is taken for a dump.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dumpText, parseDump } from '../../../src/entry/dump.ts';
import { PENT_REPORT, SNAPSHOT } from '../../harness/reports.ts';

function changed(change: object): string {
  return JSON.stringify({ ...JSON.parse(dumpText(SNAPSHOT)), ...change });
}

function withPent(change: object): string {
  return changed({ pents: [{ ...PENT_REPORT, ...change }] });
}

test('a dump comes back as it was', () => assert.deepEqual(parseDump(dumpText(SNAPSHOT)), SNAPSHOT));

for (const [what, text, problem] of [
  ['an empty file', '', 'it is empty'],
  ['a torn dump', dumpText(SNAPSHOT).slice(0, -20), 'it is torn, or no dump file'],
  ['a file that is no JSON', 'rubbish\n', 'it is torn, or no dump file'],
  ['deeply nested JSON', '['.repeat(1_000_000), 'it is torn, or no dump file'],
  ['another JSON file', '{"name":"x"}', 'it is no dump file of pcheck'],
  ['a JSON file that is no object', 'null', 'it is no dump file of pcheck'],
  ['a dump of a foreign program', changed({ format: 'other.dump/1' }), 'it is no dump file of pcheck'],
  [
    'a dump of another version, made to drive a terminal',
    changed({ format: 'psaver.dump/2\u001b[2J' }),
    'it is of another version of psaver (psaver.dump/2\\x1b[2J, expected psaver.dump/1)',
  ],
  ['a pid that is a text', withPent({ pid: '7' }), 'pents.0.pid is not what pcheck writes there'],
  ['a pid below zero', withPent({ pid: -7 }), 'pents.0.pid is not what pcheck writes there'],
  ['a status of its own', withPent({ status: 'FINE' }), 'pents.0.status is not what pcheck writes there'],
  [
    'a moment that no calendar has',
    withPent({ rerunAt: 1e300 }),
    'pents.0.rerunAt is not what pcheck writes there',
  ],
  ['no moment', changed({ takenAt: null }), 'takenAt is not what pcheck writes there'],
  ['entries that are none', changed({ pents: {} }), 'pents is not what pcheck writes there'],
] as const) {
  test(`${what} is refused: ${problem}`, () => assert.deepEqual(parseDump(text), { problem }));
}

test('whatever is in the file, the answer is a problem and not an exception', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => changed({ pents: [json] })),
      ),
      (text) => {
        assert.ok('problem' in parseDump(text));
      },
    ),
  );
});
