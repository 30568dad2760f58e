// All entries in one line, and when the start is over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSettled, summarize } from '../../../src/entry/summary.ts';
import { newEntry } from '../../../src/entry/transition.ts';
import type { Entry, Phase } from '../../../src/entry/types.ts';
import { PENT, SUCCEEDED } from './story.ts';

const PROCESS = { pid: 7, startTicks: 7 };
const WATCHING: Phase = {
  is: 'watching',
  process: PROCESS,
  since: 0,
  fewSince: undefined,
  check: { is: 'none' },
};
const RUNNING: Phase = { is: 'running', run: 1, since: 0, process: undefined, limit: { is: 'none' } };

function entry(phase: Phase, name = 'java', monitoring: 'on' | 'off' = 'on'): Entry {
  return { ...newEntry({ ...PENT, name }, 10, { monotonic: 0, wall: 0 }), phase, monitoring };
}

const PHASES: ReadonlyArray<readonly [Phase, matter: string | undefined]> = [
  [{ is: 'looking', since: 0, until: 1, nextLookAt: 1 }, 'looked for'],
  [WATCHING, undefined],
  [{ is: 'delaying', until: 1 }, 'down, waits for restart_delay'],
  [{ is: 'holding', until: 1 }, 'down, waits for restart_interval'],
  [RUNNING, 'restart script runs'],
  [{ ...RUNNING, limit: { is: 'unkillable' } }, 'restart script cannot be killed'],
  [{ is: 'appearing', scriptSince: 0, until: 1, nextLookAt: 1, ended: SUCCEEDED }, 'restarted, looked for'],
  [{ is: 'absent', because: 'retry-over' }, 'retries used up'],
  [{ is: 'absent', because: 'monitoring-off' }, 'monitoring off'],
  [{ is: 'absent', because: 'shared' }, 'left to an earlier entry'],
];

for (const [phase, matter] of PHASES) {
  const state = 'because' in phase ? `${phase.is} (${phase.because})` : phase.is;
  test(`an entry that is ${state} ${phase.is === 'looking' ? 'keeps the start from being over' : 'is settled'}: ${matter ?? 'no word about it'}`, () => {
    const details = matter === undefined ? '' : `; java: ${matter}`;
    const available = matter === undefined ? 1 : 0;
    assert.equal(summarize([entry(phase)]), `${available} of 1 entries available${details}`);
    assert.equal(isSettled(entry(phase)), phase.is !== 'looking');
  });
}

test('the entries that are there are counted, the others are named', () => {
  const entries = [entry(WATCHING), entry(RUNNING, 'nginx'), entry(WATCHING), entry(WATCHING, 'cron', 'off')];
  assert.equal(
    summarize(entries),
    '3 of 4 entries available; nginx: restart script runs, cron: monitoring off',
  );
});

test('of many only the first few are named, and no name is long or breaks the line', () => {
  const entries = Array.from({ length: 100 }, () => entry(RUNNING, `a\nREADY=1${'\u0001'.repeat(5000)}`));
  const text = summarize(entries);
  assert.match(text, /^0 of 100 entries available; a\\x0aREADY=1.*, and 97 more$/);
  assert.ok(Buffer.byteLength(text) < 2000, 'far below the 4096 bytes that systemd reads');
});
