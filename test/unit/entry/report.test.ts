// What others are told of an entry in each of its phases: a sentence, and its deadlines on the wall clock.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpText, parseDump } from '../../../src/entry/dump.ts';
import { reportEntry } from '../../../src/entry/report.ts';
import type { EntryReport } from '../../../src/entry/snapshot.ts';
import { newEntry } from '../../../src/entry/transition.ts';
import type { CheckState, Entry, Phase } from '../../../src/entry/types.ts';
import { SNAPSHOT } from '../../harness/reports.ts';
import { PENT, SUCCEEDED } from './story.ts';

/** 100 s after the boot; the wall clock has nothing to do with that. */
const NOW = { monotonic: 100_000, wall: Date.UTC(2026, 0, 1) };
const in7 = { monotonic: NOW.monotonic + 7000, wall: NOW.wall + 7000 };
const ago7 = { monotonic: NOW.monotonic - 7000, wall: NOW.wall - 7000 };

const PROCESS = { pid: 42, startTicks: 9 };
const CHECK: CheckState = { is: 'waiting', at: in7.monotonic, fails: 2 };

function watching(check: CheckState = { is: 'none' }): Phase {
  return { is: 'watching', process: PROCESS, since: ago7.monotonic, fewSince: undefined, check };
}

function running(limit: Extract<Phase, { is: 'running' }>['limit'], process?: typeof PROCESS): Phase {
  return { is: 'running', run: 1, since: 0, process, limit };
}

function report(phase: Phase, change: Partial<Entry> = {}): EntryReport {
  const entry = newEntry({ ...PENT, restartDelaySeconds: 5 }, 10, { monotonic: 0, wall: 0 });
  return reportEntry({ ...entry, reason: 'stall', ...change, phase }, [42, 43], NOW);
}

const QUIET: Partial<EntryReport> = { pid: 0, phaseEndsAt: null, availSince: null, restartReason: null };
const DUE: Partial<EntryReport> = { pid: 0, phaseEndsAt: in7.wall, availSince: null, restartReason: 'stall' };
const { monotonic: until } = in7;

const CASES: ReadonlyArray<readonly [Phase, status: string, reason: RegExp, Partial<EntryReport>]> = [
  [
    { is: 'looking', since: 0, until, nextLookAt: until - 6000 },
    'INIT',
    /^looked for during start_wait \(10 s\)$/,
    { ...QUIET, phaseEndsAt: in7.wall },
  ],
  [watching(), 'AVAIL', /^the process is there$/, { ...QUIET, pid: 42, availSince: ago7.wall }],
  [{ is: 'delaying', until }, 'RESTART', /^down; restart_delay \(5 s\)/, DUE],
  [{ is: 'holding', until }, 'RESTART', /^down; the next restart waits for restart_interval \(10 s\)$/, DUE],
  [running({ is: 'in-time', until }), 'RESTART', /^the restart script runs$/, DUE],
  [running({ is: 'terminated', until }, PROCESS), 'RESTART', /script runs/, { ...DUE, pid: 42 }],
  [running({ is: 'none' }), 'RESTART', /script runs/, { ...DUE, phaseEndsAt: null }],
  [
    { is: 'appearing', scriptSince: 0, until, nextLookAt: until - 6000, ended: SUCCEEDED },
    'RESTART',
    /^the restart script ended with status 0; the process has start_wait \(10 s\) to appear$/,
    DUE,
  ],
  [{ is: 'absent', because: 'retry-over' }, 'UNAVAIL', /^all retries are used up/, QUIET],
  [{ is: 'absent', because: 'monitoring-off' }, 'UNAVAIL', /^monitoring is off; padmin start/, QUIET],
  [{ is: 'absent', because: 'shared' }, 'UNAVAIL', /^an earlier entry held/, QUIET],
];

for (const [phase, status, reason, told] of CASES) {
  const detail = 'because' in phase ? phase.because : 'limit' in phase ? phase.limit.is : '';
  test(`an entry that is ${phase.is} ${detail} is ${status} and tells when that ends`, () => {
    const made = report(phase);
    const { pid, phaseEndsAt, availSince, restartReason } = made;
    assert.deepEqual({ pid, phaseEndsAt, availSince, restartReason }, told);
    assert.deepEqual([made.status, made.phase], [status, phase.is]);
    assert.match(made.reason, reason);
    const snapshot = { ...SNAPSHOT, pents: [made] };
    assert.deepEqual(parseDump(dumpText(snapshot)), snapshot, 'it passes the border');
  });
}

test('what follows when the retries are used up depends on the action, and on a process that hangs', () => {
  const phase = { is: 'absent', because: 'retry-over' } as const;
  const reason = (changes: Partial<Entry>) => report(phase, changes).reason;
  const going = { pent: { ...PENT, action: 'continue' } } as const;
  assert.match(reason({}), /; pcheck ends with status 1$/);
  assert.match(reason(going), /; watched again when the process is back$/);
  assert.match(
    reason({ ...going, stalled: PROCESS }),
    /another process than pid 42, which hangs, is there; padmin/,
  );
});

test('the grace time ends on the wall clock; with no retry used, GRACE 0 or monitoring off it does not run', () => {
  const used = { retryCount: 1 };
  assert.equal(report(watching(), used).graceEndsAt, ago7.wall + 86_400_000);
  assert.equal(report(watching()).graceEndsAt, null);
  assert.equal(report(watching(), { ...used, pent: { ...PENT, graceSeconds: 0 } }).graceEndsAt, null);
  assert.equal(report(watching(), { ...used, monitoring: 'off' }).graceEndsAt, null);
  assert.equal(report({ is: 'absent', because: 'retry-over' }, used).graceEndsAt, null);
});

test('a stall check tells its failures in a row and when the next one is due', () => {
  const { checkFails, nextCheckAt } = report(watching(CHECK));
  assert.deepEqual([checkFails, nextCheckAt], [2, in7.wall]);
  const inProgress = report(watching({ is: 'running', check: 1, fails: 2 }));
  assert.deepEqual([inProgress.checkFails, inProgress.nextCheckAt], [2, null]);
  const none = report(watching());
  assert.deepEqual([none.checkFails, none.nextCheckAt], [null, null]);
});

test('a process that is there while monitoring is off says both', () => {
  assert.match(report(watching(), { monitoring: 'off' }).reason, /process is there; monitoring is off/);
});
