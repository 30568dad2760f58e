// Processes of psaver's own are never the service, however well a NAME fits them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { padmin, type RunningPcheck, startPcheck } from '../harness/programs.ts';
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
  const other = `0x${(Number(workspace.ipckey) ^ 0x800000).toString(16)}`;
  const pchecks: RunningPcheck[] = [];
  // A script of one pcheck may be the service of another: the first is where it has to be before there is a
  // second, and that one watches only what fits pcheck.
  for (const [name, ipckey, count] of [
    ['pfile', workspace.ipckey, 4],
    ['other', other, 2],
  ] as const) {
    const running = startPcheck(workspace, ['-f', pfile(name, ipckey, count), '--no-syslog', '-v']);
    pchecks.push(running);
    await running.logged(/Try to restart/, count);
    await until('the scripts run', () =>
      ['1', '2', '3', '4'].every(
        (file) => existsSync(path(file)) && /begun\n/.test(readFileSync(path(file), 'utf8')),
      ),
    );
  }
  for (const [index, running] of pchecks.entries()) {
    const checks = running.messages().filter((line) => line.startsWith('full check')).length;
    await running.logged(/^full check/, checks + 3);
    // What is noted while the script runs is shown; padmin itself fits the first two entries.
    for (let asked = 0; asked < 5; asked++) {
      const { stdout } = padmin(workspace, '-f', path(['pfile', 'other'][index] ?? ''), '-c', 'show', 'pent');
      const pids = [...stdout.matchAll(/^pid +=(.*)$/gm)].map(([, pid]) => pid?.trim());
      assert.deepEqual(pids.slice(0, 2), ['0', '0'], stdout);
    }
    assert.deepEqual(
      running.messages().filter((line) => / Up$|became the service/.test(line)),
      [],
    );
  }
  for (const running of pchecks) {
    running.signal('SIGTERM');
    assert.equal(await running.ended, 0);
  }
});

test('what a check becomes, or leaves in its session, is not taken for the service', async (t) => {
  const workspace = createWorkspace(t);
  const { folder, path, write } = workspace;
  const script = write('start.sh', `#!/bin/sh\nexit 0\n`, 0o755);
  // It looks like the service, and so does what it leaves behind.
  const check = write(
    'check.sh',
    `#!/bin/sh\n${folder}/service 86400 &\necho $! >>${folder}/left\nexec ${folder}/service 0.2\n`,
    0o755,
  );
  copyFileSync('/bin/sleep', path('service'));
  const options = `start_wait=1:check_cmd=${check}:check_interval=0.3`;
  const pfile = write(
    'pfile',
    `IPCKEY ${workspace.ipckey}\nMONITOR_INTERVAL 0.1\nSHM_DUMP_FILE ${path('dump')}\n${folder}/service:${script}:86400:0:continue:${options}\n`,
  );
  const service = spawn(path('service'), ['86402'], { env: workspace.environment, stdio: 'ignore' });
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog', '-v']);
  await running.logged(new RegExp(`service ,pid=${service.pid}\\) Up$`));
  await until('a check runs', () => existsSync(path('left')));
  service.kill('SIGKILL');
  await running.logged(/RETRY_OVER:CONTINUE$/);
  await running.logged(/^full check/, running.messages().length + 10);
  assert.equal(running.messages().filter((line) => line.endsWith('Up')).length, 1, running.stderr());
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});
