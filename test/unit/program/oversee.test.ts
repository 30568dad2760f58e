// What an end of pcheck takes back, before it waits for anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOversight } from '../../../src/program/oversee.ts';
import { PFILE } from '../monitor/world.ts';

const VERDICT_FILE = { path: '', link: '', write: () => undefined, makeLink: () => undefined };

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
  const parameters = { ...PFILE.parameters, loopAlarmSeconds: 5 };
  const log = { write: () => undefined };
  const { overseer, end } = openOversight(kernel, log, VERDICT_FILE, () => ({ ...PFILE, parameters }));
  overseer.pulse.beat(0);
  assert.deepEqual(alarms, [5]);
  end(0);
  assert.deepEqual(alarms, [5, 0]);
});
