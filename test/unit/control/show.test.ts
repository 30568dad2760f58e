// What scripts parse, pinned to the letter: the ten keys of show pent (SPEC 6, [C]) and show param.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { showParam, showPents } from '../../../src/control/show.ts';
import { PARAM_REPORT, PENT_REPORT as PENT } from '../../harness/reports.ts';

const GOLDEN = `pname           = /usr/bin/java
pid             = 12742
retry_count     = 1
restart_count   = 1
proc_sts        = AVAIL
retry_over_act  = exit
rerun_time      = Wed Oct 12 10:40:48 2011
include_strings = apache&tomcat
pent_id         = 1
monitor_sts     = on
`;

test('show pent prints the ten keys in their order', () => assert.equal(showPents([PENT]), GOLDEN));

test('entries are separated by a blank line', () => {
  assert.equal(showPents([PENT, PENT]), `${GOLDEN}\n${GOLDEN}`);
});

test('an entry that was never restarted shows --------, one without a process pid 0', () => {
  const text = showPents([{ ...PENT, pid: 0, rerunAt: null, includeStrings: '' }]);
  assert.match(text, /^rerun_time {6}= --------$/m);
  assert.match(text, /^pid {13}= 0$/m);
  assert.match(text, /^include_strings = $/m);
});

test('a day below ten is padded with a blank, as ctime does', () => {
  const rerunAt = new Date(2026, 0, 2, 3, 4, 5).getTime();
  assert.match(showPents([{ ...PENT, rerunAt }]), /= Fri Jan {2}2 03:04:05 2026$/m);
});

test('split at blanks, every line is key, =, value', () => {
  for (const line of showPents([PENT]).trimEnd().split('\n')) assert.equal(line.split(/\s+/)[1], '=');
});

test('a name with a newline does not make a line of its own', () => {
  assert.equal(showPents([{ ...PENT, name: 'a\npid = 1' }]).split('\n').length, GOLDEN.split('\n').length);
});

test('show param prints the values in force', () => {
  assert.equal(
    showParam(PARAM_REPORT),
    `pfile              = /etc/psaver/pfile
ipckey             = 0x1f000101
msg_check_interval = 5
monitor_interval   = 0.5
shm_dump_file      = /var/dump
shutdown_command   = /sbin/poweroff -f
loop_alarm         = 60
pcheck_pid         = 77
started            = Wed Oct 12 10:40:48 2011
version            = 1.2.3
`,
  );
});
