// What an end of pcheck takes back, before it waits for anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOversight } from '../../../src/program/oversee.ts';

const KERNEL = {
  connectDatagram: () => -2,
  keepDescriptorsFromChildren: () => undefined,
  tryLock: () => true,
  peerUid: () => undefined,
  readAtOnce: () => -1,
};

test('the end, which may take longer than LOOP_ALARM, begins with taking the alarm back', () => {
  const alarms: number[] = [];
  const kernel = { ...KERNEL, alarm: (seconds: number) => void alarms.push(seconds) };
  const { overseer, end } = openOversight(kernel, { write: () => undefined }, () => 5);
  overseer.pulse.beat(0);
  assert.deepEqual(alarms, [5]);
  end();
  assert.deepEqual(alarms, [5, 0]);
});
