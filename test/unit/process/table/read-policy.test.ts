// How much of a process is read at which scan.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingFor, sharesAt, type Visited } from '../../../../src/process/table/read-policy.ts';

const RANGE = { youngFrom: 1000, rulesVersion: 2, number: 0, shares: 6, isAnew: false } as const;
/** It has its turn at full checks 6, 12, …; of those a stranger's command line is read at the eighth. */
const OLD: Visited = {
  pid: 600,
  line: 'read',
  isKernelThread: false,
  isMatch: false,
  rulesVersion: 2,
  startTicks: 100,
};
const YOUNG = { ...OLD, startTicks: 2000 };
const MATCH = { ...OLD, isMatch: true };
const KERNEL = { ...OLD, isKernelThread: true };
const [NOT_ITS_TURN, ITS_TURN, ITS_EIGHTH_TURN] = [1, 6, 24];

for (const [what, process, depth, number, expected] of [
  ['a new process', { ...YOUNG, line: 'unread', rulesVersion: 0 }, 'new', NOT_ITS_TURN, 'read'],
  [
    'one that was not compared with the newest rules',
    { ...OLD, rulesVersion: 1 },
    'new',
    NOT_ITS_TURN,
    'read',
  ],
  ['one that could not be read', { ...OLD, line: 'unreadable' }, 'new', NOT_ITS_TURN, 'read'],
  ['a young process', YOUNG, 'new', NOT_ITS_TURN, 'stat'],
  ['a young process at a full check', YOUNG, 'full', NOT_ITS_TURN, 'read'],
  ['an old process', OLD, 'new', ITS_TURN, 'nothing'],
  ['an old process before its turn', OLD, 'full', NOT_ITS_TURN, 'nothing'],
  ['an old process at its turn', OLD, 'full', ITS_TURN, 'verify'],
  ['an old process at its eighth turn', OLD, 'full', ITS_EIGHTH_TURN, 'read'],
  ['an old process that does not answer', { ...OLD, line: 'asked' }, 'full', NOT_ITS_TURN, 'stat'],
  ['one that matches', MATCH, 'full', NOT_ITS_TURN, 'verify'],
  ['one that matches at its turn', MATCH, 'full', ITS_TURN, 'read'],
  ['one that matches, between full checks', MATCH, 'new', ITS_TURN, 'nothing'],
  ['a kernel thread', KERNEL, 'new', ITS_TURN, 'nothing'],
  ['a kernel thread before its turn', KERNEL, 'full', NOT_ITS_TURN, 'nothing'],
  ['a kernel thread at its turn', KERNEL, 'full', ITS_TURN, 'stat'],
  ['an old process, when all are asked for', OLD, 'everything', NOT_ITS_TURN, 'verify'],
  ['one that matches, when all are asked for', MATCH, 'everything', NOT_ITS_TURN, 'verify'],
] as const) {
  test(`of ${what} is read: ${expected}`, () => {
    assert.equal(readingFor(process, { ...RANGE, depth, number }), expected);
  });
}

test('where any pid may be another process’s by now, at least the start of each is read', () => {
  const range = { ...RANGE, depth: 'everything', number: NOT_ITS_TURN, isAnew: true } as const;
  const readings = [OLD, MATCH, KERNEL, YOUNG].map((process) => readingFor(process, range));
  assert.deepEqual(readings, ['stat', 'stat', 'stat', 'read']);
});

for (const [seconds, shares] of [
  [10, 6],
  [0.1, 600],
  [60, 1],
  [86_400, 1],
] as const) {
  test(`with full checks every ${seconds} s everything has its turn in ${shares} of them`, () => {
    assert.equal(sharesAt(seconds), shares);
  });
}
