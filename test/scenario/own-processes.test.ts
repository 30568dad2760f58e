// Processes of psaver's own are never the service, however well a NAME fits them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { padmin, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace } from '../harness/workspace.ts';

test('neither pcheck, nor another pcheck or padmin, nor a script in progress is taken for the service', async (t) => {
  const workspace = createWorkspace(t);
  const { folder, path } = workspace;
  // Its subshell has its command line too.
  const script = workspace.write(
    'start.sh',
    '#!/bin/sh\necho begun >> "$1"\n( while :; do sleep 1; done )\n',
    0o755,
  );
  const pents = [
    `node:${script} ${path('1')}::1:continue:start_wait=0:include_strings=${folder}`,
    `${process.execPath}:${script} ${path('2')}::1:continue:start_wait=0:include_strings=pcheck.cjs&${folder}`,
    `start.sh:${script} ${path('3')}::1:continue:start_wait=0:include_strings=${folder}`,
    `${script}:${script} ${path('4')}::1:continue:start_wait=0`,
  ];
  function pfile(name: string, ipckey: string, count: number): string {
    const param = `IPCKEY ${ipckey}\nMONITOR_INTERVAL 0.1\nSHM_DUMP_FILE ${path(`${name}.dump`)}\n`;
    return workspace.write(name, `${param}${pents.slice(0, count).join('\n')}\n`);
  }
  const first = startPcheck(workspace, ['-f', pfile('pfile', workspace.ipckey, 4), '--no-syslog', '-v']);
  const other = `0x${(Number(workspace.ipckey) ^ 0x800000).toString(16)}`;
  const second = startPcheck(workspace, ['-f', pfile('other', other, 2), '--no-syslog', '-v']);
  // A script of one pcheck may be the service of another: that one watches only what fits pcheck.
  for (const [running, count] of [
    [first, 4],
    [second, 2],
  ] as const) {
    await running.logged(/Try to restart/, count);
    await until('the scripts run', () =>
      ['1', '2', '3', '4'].every(
        (name) => existsSync(path(name)) && /begun\n/.test(readFileSync(path(name), 'utf8')),
      ),
    );
    // While padmin runs too.
    for (let asked = 0; asked < 3; asked++) padmin(workspace, '-f', path('pfile'), '-c', 'show', 'pent');
    const checks = running.messages().filter((line) => line.startsWith('full check')).length;
    await running.logged(/^full check/, checks + 3);
    assert.deepEqual(
      running.messages().filter((line) => / Up$|became the service/.test(line)),
      [],
    );
  }
  for (const running of [first, second]) {
    running.signal('SIGTERM');
    assert.equal(await running.ended, 0);
  }
});
