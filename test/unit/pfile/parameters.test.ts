import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePfile } from '../../../src/pfile/parse.ts';
import { lines, PARAM, PENT, problems } from './fakes.ts';

const PARAM_CASES: ReadonlyArray<readonly [line: string, problems: string[]]> = [
  ['MSG_CHECK_INTERVAL 1', []],
  ['MSG_CHECK_INTERVAL 3600', []],
  ['MSG_CHECK_INTERVAL 0', ['1:20 out-of-range']],
  ['MSG_CHECK_INTERVAL 3601', ['1:20 out-of-range']],
  ['MSG_CHECK_INTERVAL 1.5', ['1:20 bad-number']],
  ['MSG_CHECK_INTERVAL', ['1:19 missing-value']],
  ['MONITOR_INTERVAL 0.1', []],
  ['MONITOR_INTERVAL 86400', []],
  ['MONITOR_INTERVAL 0.09', ['1:18 out-of-range']],
  ['MONITOR_INTERVAL 86400.1', ['1:18 out-of-range']],
  ['MONITOR_INTERVAL -5', ['1:18 out-of-range']],
  [`MONITOR_INTERVAL ${'9'.repeat(400)}`, ['1:18 out-of-range']],
  ['MONITOR_INTERVAL 1e3', ['1:18 bad-number']],
  ['MONITOR_INTERVAL +5', ['1:18 bad-number']],
  ['MONITOR_INTERVAL 0x5', ['1:18 bad-number']],
  ['MONITOR_INTERVAL 5s', ['1:18 bad-number']],
  ['MONITOR_INTERVAL 5 # often', ['1:18 bad-number']],
  ['MONITOR_INTERVAL = 5', ['1:18 bad-number']],
  ['MONITOR_INTERVAL=5', ['1:17 bad-separator']],
  ['MONITOR_INTERVAL: 5', ['1:17 bad-separator']],
  ['monitor_interval 5', ['1:1 unknown-keyword']],
  ['MONITOR_INTERVA x', ['1:1 unknown-keyword', '1:17 bad-number']],
  ['MONITOR_INTERVAL 1０', ['1:19 lookalike']],
  ['MONITOR_INTERVAL　10', ['1:17 lookalike']],
  ['ＭONITOR_INTERVAL 10', ['1:1 lookalike']],
  ['ＭONITOR_INTERVA 10', ['1:1 lookalike', '1:1 unknown-keyword']],
  ['　MONITOR_INTERVAL 10', ['1:1 lookalike']],
  ['＃ comment', ['1:1 lookalike']],
  ['　', ['1:1 lookalike']],
  ['SHUTDOWN_COMMAND /sbin/poweroff -a:b', []],
  ['SHUTDOWN_COMMAND sbin/poweroff', ['1:18 relative-path']],
  ['SHUTDOWN_COMMAND "/sbin/poweroff"', ['1:18 relative-path']],
  ['SHUTDOWN_COMMAND /bin/sh -c "a b"', ['1:29 quotes?']],
  ['SHUTDOWN_COMMAND', ['1:17 missing-value']],
  ['SHUTDOWN_COMAND /sbin/poweroff', ['1:1 unknown-keyword']],
  ['LOOP_ALARM 0', []],
  ['LOOP_ALARM 86400', []],
  ['LOOP_ALARM 86401', ['1:12 out-of-range']],
  ['LOOP_ALARM -1', ['1:12 out-of-range']],
  ['LOOP_ALARM 1.5', ['1:12 bad-number']],
  ['LOOP_ALARM', ['1:11 missing-value']],
  ['loop_alarm 5', ['1:1 unknown-keyword']],
  ['INTERVAL 5', ['1:1 unknown-keyword']],
  ['IPCKEY 0x2', ['2:1 duplicate-keyword']],
];

for (const [line, expected] of PARAM_CASES) {
  test(`when a PARAM line is ${JSON.stringify(line.slice(0, 40))}, it gives ${expected.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(problems(lines(line, ...PARAM, PENT)), expected);
  });
}

const KEY_CASES: ReadonlyArray<readonly [value: string, problems: string[]]> = [
  ['0x1', []],
  ['0XfFfFfFfF', []],
  ['0x0', ['1:8 out-of-range']],
  ['0x100000000', ['1:8 out-of-range']],
  ['0x', ['1:8 bad-number']],
  ['1f', ['1:8 bad-number']],
  ['', ['1:7 missing-value']],
];

for (const [value, expected] of KEY_CASES) {
  test(`when IPCKEY is "${value}", it gives ${expected.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(problems(lines(`IPCKEY ${value}`, 'SHM_DUMP_FILE /d', PENT)), expected);
  });
}

test('when SHUTDOWN_COMMAND and LOOP_ALARM are given, they are read literally', () => {
  const text = lines('SHUTDOWN_COMMAND \t/sbin/shutdown  -h \tnow\\:', 'LOOP_ALARM 30', ...PARAM, PENT);
  const { shutdownCommand, loopAlarmSeconds } = parsePfile(text).parameters.values;
  assert.deepEqual(shutdownCommand, { path: '/sbin/shutdown', arguments: ['-h', 'now\\:'] });
  assert.equal(loopAlarmSeconds, 30);
});

const ACTION_CASES: ReadonlyArray<readonly [command: string, action: string, problems: string[]]> = [
  ['SHUTDOWN_COMMAND /sbin/poweroff', 'Shutdown', []],
  ['# none', 'shutdown', ['4:11 action-needs-command']],
  ['# none', 'exit', []],
  // One mistake is told once.
  ['SHUTDOWN_COMMAND', 'shutdown', ['3:17 missing-value']],
  ['SHUTDOWN_COMMAND poweroff', 'shutdown', ['3:18 relative-path']],
];

for (const [command, action, expected] of ACTION_CASES) {
  test(`when the action is ${action} with the line "${command}", it gives ${expected.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(problems(lines(...PARAM, command, `j:/s.sh:::${action}`)), expected);
  });
}

test('when optional PARAM lines are missing, their defaults are in force', () => {
  const { values } = parsePfile(lines('IPCKEY 0x1', 'SHM_DUMP_FILE /d', PENT)).parameters;
  assert.deepEqual(values, {
    ipckey: 1,
    msgCheckIntervalSeconds: 5,
    monitorIntervalSeconds: 10,
    shmDumpFile: '/d',
    shutdownCommand: undefined,
    loopAlarmSeconds: 0,
  });
});
