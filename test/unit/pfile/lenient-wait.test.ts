// How long padmin waits, read from a pfile that may be broken elsewhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMsgCheckIntervalLeniently } from '../../../src/pfile/lenient.ts';
import { lines } from './fakes.ts';

const CASES: ReadonlyArray<readonly [text: string, seconds: number]> = [
  ['MSG_CHECK_INTERVAL 1', 1],
  ['\tMSG_CHECK_INTERVAL \t 3600 \r\n', 3600],
  [lines('rubbish', 'MSG_CHECK_INTERVAL x', 'MSG_CHECK_INTERVAL 7', 'MSG_CHECK_INTERVAL 8'), 7],
  ['MSG_CHECK_INTERVAL 0000007', 7],
  ['', 5],
  ['# MSG_CHECK_INTERVAL 9', 5],
  ['MSG_CHECK_INTERVAL 0', 5],
  ['MSG_CHECK_INTERVAL 3601', 5],
  ['MSG_CHECK_INTERVAL -1', 5],
];

for (const [text, seconds] of CASES) {
  test(`when the text is ${JSON.stringify(text)}, padmin waits ${seconds} s`, () => {
    assert.equal(readMsgCheckIntervalLeniently(text), seconds);
  });
}
