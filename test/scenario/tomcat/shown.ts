// What `padmin -c show pent` has to print for the guide's entry, to the last blank.
import assert from 'node:assert/strict';
import type { Output } from '../../harness/programs.ts';

export type Expected = {
  readonly pid: number;
  readonly restarts: number;
  readonly monitoring: 'on' | 'off';
};

export function assertShown(output: Output, { pid, restarts, monitoring }: Expected): void {
  assert.equal(output.status, 0, output.stderr);
  const rerunTime = /^rerun_time {6}= (.*)$/m.exec(output.stdout)?.[1] ?? '';
  assert.equal(
    output.stdout,
    `pname           = /usr/bin/java
pid             = ${pid}
retry_count     = ${restarts}
restart_count   = ${restarts}
proc_sts        = AVAIL
retry_over_act  = exit
rerun_time      = ${rerunTime}
include_strings = apache&tomcat
pent_id         = 1
monitor_sts     = ${monitoring}
`,
  );
  if (restarts === 0) assert.equal(rerunTime, '--------');
  else assertRecent(rerunTime);
}

/** ctime(3): `Wed Oct 12 10:40:48 2011`, in local time. */
function assertRecent(text: string): void {
  assert.match(text, /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/);
  const ageSeconds = (Date.now() - new Date(text).getTime()) / 1000;
  assert.ok(ageSeconds >= 0 && ageSeconds < 120, `rerun_time ${text} was ${ageSeconds} s ago`);
}
