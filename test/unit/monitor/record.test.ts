// The record as text and back: whatever an entry can be in comes back as it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Phase, ScriptLimit } from '../../../src/entry/types.ts';
import { parseRecord, type RecordedEntry, recordLine, recordText } from '../../../src/monitor/record.ts';
import { upStory } from '../entry/story.ts';

const LIMITS: readonly ScriptLimit[] = [
  { is: 'none' },
  { is: 'in-time', until: 1.5 },
  { is: 'terminated', until: 2 },
  { is: 'killed', until: 3 },
  { is: 'unkillable' },
];
const PROCESS = { pid: 7, startTicks: 70 };

const HEAD = { bootId: 'b', pfile: '/p', pcheckPid: 1, writtenAt: 2, checkedAt: 1 };

const PHASES: readonly Phase[] = [
  { is: 'looking', since: 0, until: 1, nextLookAt: 0.01 },
  { is: 'watching', process: PROCESS, since: 0, fewSince: 4, check: { is: 'none' } },
  { is: 'watching', process: PROCESS, since: 0, fewSince: 4, check: { is: 'waiting', at: 1, fails: 2 } },
  { is: 'watching', process: PROCESS, since: 0, fewSince: 4, check: { is: 'running', check: 1, fails: 2 } },
  { is: 'delaying', until: 1 },
  { is: 'holding', until: 1 },
  ...LIMITS.map((limit): Phase => ({ is: 'running', run: 1, since: 0, process: PROCESS, limit })),
  {
    is: 'appearing',
    scriptSince: 0,
    until: 1,
    nextLookAt: 0.1,
    ended: { outcome: 'unknown', text: 'ended' },
  },
  { is: 'absent', because: 'retry-over' },
  { is: 'absent', because: 'monitoring-off' },
  { is: 'absent', because: 'shared' },
];

for (const phase of PHASES) {
  const inner = 'limit' in phase ? ` ${phase.limit.is}` : '';
  test(`an entry in phase ${phase.is}${inner} comes back from its record`, () => {
    const { pent: _, ...state } = { ...upStory().entry, phase };
    const lineages = { held: { pid: 7, session: 7, startStack: 9, startTicks: 70 }, left: [] };
    const entry = {
      key: 'k',
      state,
      token: 't',
      script: PROCESS,
      lineages,
      isEnding: false,
      sharedWith: 'other',
    };
    const record = parseRecord(recordText([recordLine(entry)], recordLine(HEAD)));
    assert.ok(!('problem' in record), 'problem' in record ? record.problem : '');
    assert.deepEqual(record.entries[0]?.state.phase, phase);
    assert.deepEqual(record.entries[0]?.lineages, lineages);
    assert.deepEqual(record.entries[0]?.script, PROCESS);
  });
}

test('a limit that lacks its deadline is no record of ours', () => {
  const phase = { is: 'running', run: 1, since: 0, process: PROCESS, limit: { is: 'killed' } };
  const { pent: _, ...state } = { ...upStory().entry, phase };
  // It is no entry at all, which is the point.
  const entry = { key: 'k', state, token: 't' } as unknown as RecordedEntry;
  const record = parseRecord(recordText([recordLine(entry)], recordLine(HEAD)));
  assert.match('problem' in record ? record.problem : '', /limit/);
});

test('what no head has closed does not count, and a later line holds', () => {
  const { pent: _, ...state } = upStory().entry;
  const lineages = { held: undefined, left: [] };
  const entryOf = (retryCount: number) =>
    recordLine({
      key: 'k',
      state: { ...state, retryCount },
      token: 't',
      script: undefined,
      lineages,
      isEnding: false,
      sharedWith: undefined,
    });
  const whole = recordText([entryOf(0)], recordLine(HEAD));
  const added = whole + entryOf(1) + recordLine({ ...HEAD, checkedAt: 5 });
  for (const text of [added, added + entryOf(2), `${added}${entryOf(2)}${recordLine(HEAD).slice(0, -1)}`]) {
    const record = parseRecord(text);
    assert.ok(!('problem' in record));
    assert.deepEqual([record.entries[0]?.state.retryCount, record.checkedAt], [1, 5]);
  }
  assert.deepEqual(parseRecord(whole.slice(0, whole.length - recordLine(HEAD).length)), {
    problem: 'it is torn',
  });
});
