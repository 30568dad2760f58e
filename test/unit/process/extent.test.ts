// How much of a process is read at which look.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingOf, turnsAt } from '../../../src/process/extent.ts';
import { KERNEL_THREAD, MATCHED, NAMED, READ } from '../../../src/process/known.ts';

const [YOUNG, OLD] = [true, false];
const [ITS_TURN, NOT_ITS_TURN] = [true, false];

for (const [what, marks, extent, isYoung, isItsTurn, expected] of [
  ['a new process', 0, 'new', OLD, NOT_ITS_TURN, 'whole'],
  ['a young process', READ, 'new', YOUNG, NOT_ITS_TURN, 'stat'],
  ['a young process at a full check', READ, 'turn', YOUNG, NOT_ITS_TURN, 'whole'],
  ['an old process', READ, 'new', OLD, ITS_TURN, 'nothing'],
  ['an old process before its turn', READ, 'turn', OLD, NOT_ITS_TURN, 'nothing'],
  ['an old process at its turn', READ, 'turn', OLD, ITS_TURN, 'reluctant'],
  ['one with a rule’s name at its turn', READ | NAMED, 'turn', OLD, ITS_TURN, 'whole'],
  ['one that fits', READ | NAMED | MATCHED, 'turn', OLD, NOT_ITS_TURN, 'held'],
  ['one that fits, between full checks', READ | NAMED | MATCHED, 'new', OLD, NOT_ITS_TURN, 'nothing'],
  ['a kernel thread', READ | KERNEL_THREAD, 'new', YOUNG, ITS_TURN, 'nothing'],
  ['a kernel thread at its turn', READ | KERNEL_THREAD, 'turn', YOUNG, ITS_TURN, 'stat'],
  ['whoever it is, when all are asked for', READ, 'all', OLD, NOT_ITS_TURN, 'whole'],
] as const) {
  test(`of ${what} is read: ${expected}`, () => {
    assert.equal(readingOf(marks, extent, isYoung, isItsTurn), expected);
  });
}

for (const [seconds, turns] of [
  [10, 6],
  [0.1, 600],
  [60, 1],
  [86_400, 1],
] as const) {
  test(`with full checks every ${seconds} s everything is read in ${turns} of them`, () => {
    assert.equal(turnsAt(seconds), turns);
  });
}
