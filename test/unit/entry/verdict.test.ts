// The verdict on all entries of a pfile: what a manager acts upon, and that nothing in a name can pass for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newEntry } from '../../../src/entry/transition.ts';
import type { Entry, Phase } from '../../../src/entry/types.ts';
import { failedBy, STOPPED, verdictOn, verdictText } from '../../../src/entry/verdict.ts';
import type { Pent } from '../../../src/pfile/types.ts';
import { PENT, SUCCEEDED } from './story.ts';

function entry(phase: Phase, pent: Partial<Pent> = {}): Entry {
  return { ...newEntry({ ...PENT, ...pent }, 10, { monotonic: 0, wall: 0 }), phase };
}

const WATCHING: Phase = {
  is: 'watching',
  process: { pid: 7, startTicks: 7 },
  since: 0,
  fewSince: undefined,
  check: { is: 'none' },
};
const GIVEN_UP: Phase = { is: 'absent', because: 'retry-over' };

const PHASES: ReadonlyArray<readonly [Phase, line: string]> = [
  [{ is: 'looking', since: 0, until: 1, nextLookAt: 1 }, 'ok'],
  [WATCHING, 'ok'],
  [{ is: 'delaying', until: 1 }, 'ok'],
  [{ is: 'holding', until: 1 }, 'ok'],
  [{ is: 'running', run: 1, since: 0, process: undefined, limit: { is: 'unkillable' } }, 'ok'],
  [{ is: 'appearing', scriptSince: 0, until: 1, nextLookAt: 1, ended: SUCCEEDED }, 'ok'],
  [GIVEN_UP, 'degraded (java) RETRY_OVER:CONTINUE'],
  [{ is: 'absent', because: 'monitoring-off' }, 'ok'],
  [{ is: 'absent', because: 'shared' }, 'ok'],
];

const STAMP = { atSeconds: 1234.5, untilSeconds: 1264.5, pid: 77, ipckey: '0x1f000101' };

for (const [phase, line] of PHASES) {
  const state = 'because' in phase ? `${phase.is} (${phase.because})` : phase.is;
  test(`the verdict on an entry that is ${state} beside one that is watched: ${line}`, () => {
    const text = verdictText(verdictOn([entry(WATCHING), entry(phase)]), STAMP);
    assert.equal(text, `${line}\n1234.50 1264.50 77 0x1f000101\n`);
  });
}

test('a retry-over that ends pcheck is failed, with the text of the log', () => {
  const failed = (action: Pent['action']) => verdictText(failedBy(entry(GIVEN_UP, { action })), STAMP);
  assert.match(failed('exit'), /^failed \(java\) RETRY_OVER:EXIT\n/);
  assert.match(failed('shutdown'), /^failed \(java\) RETRY_OVER:SHUTDOWN\n/);
});

test('a verdict without a reason is its word alone', () => {
  assert.match(verdictText(STOPPED, STAMP), /^stopped\n\d/);
});

test('a name cannot forge a verdict or a stamp, and of many only the first are named', () => {
  const name = `a\nok\n1 9e9 1 0x1\u2028${'\u0001'.repeat(5000)}`;
  const text = verdictText(verdictOn(Array.from({ length: 100 }, () => entry(GIVEN_UP, { name }))), STAMP);
  assert.match(text, /^degraded \(a\\x0aok\\x0a1 .*, and 97 more\n1234.50 1264.50 77 0x1f000101\n$/);
  assert.ok(text.length < 10_000);
});
