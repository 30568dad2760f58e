// How deaths come to be known by the built pcheck: at once where the kernel tells, by polling where it is told not to
// ask, and by polling for what no descriptor is left for. MONITOR_INTERVAL is an hour where events have to do it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { padmin, showPent, startPcheck } from '../harness/programs.ts';
import { createWorkspace, startedFrom, type Workspace } from '../harness/workspace.ts';

const HOUR_SECONDS = 3600;

function killService(workspace: Workspace, pfile: string): void {
  process.kill(Number(showPent(workspace, pfile)['pid']), 'SIGKILL');
}

test('with a full check an hour, deaths are seen at once, one after the other', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '5:exit:start_wait=1:restart_interval=0', HOUR_SECONDS);
  const pcheck = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  for (let ups = 1; ups <= 4; ups++) {
    await pcheck.logged(/\) Up$/, ups);
    killService(workspace, pfile);
  }
  await pcheck.logged(/\) Up$/, 5);
  assert.doesNotMatch(pcheck.stderr(), /full checks only|cannot be told/);
  pcheck.signal('SIGTERM');
  assert.equal(await pcheck.ended, 0);
});

test('with several wanted, the death of any of them is seen at once', async (t) => {
  const workspace = createWorkspace(t);
  const script = 'for n in 1 2; do "$(dirname "$0")"/service 86400 & done';
  const options = '5:exit:start_wait=1:restart_interval=0:min_proc_count=2';
  const pfile = oneEntry(workspace, script, options, HOUR_SECONDS);
  const pcheck = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await pcheck.logged(/\) Up$/);
  const held = Number(showPent(workspace, pfile)['pid']);
  const other = startedFrom(workspace).find((pid) => pid !== held && pid !== pcheck.pid);
  assert.ok(other !== undefined);
  process.kill(other, 'SIGKILL');
  await pcheck.logged(/Down$/);
});

test('with PSAVER_EVENTS=off that is said in one line, and the full checks find the dead', async (t) => {
  const workspace = createWorkspace(t);
  const environment = { ...workspace.environment, PSAVER_EVENTS: 'off' };
  const pfile = oneEntry(workspace, STARTS_SERVICE, '5:exit:start_wait=1:restart_interval=0');
  const pcheck = startPcheck({ ...workspace, environment }, ['-f', pfile, '--no-syslog']);
  await pcheck.logged(/\) Up$/);
  killService(workspace, pfile);
  await pcheck.logged(/\) Up$/, 2);
  const told = pcheck.messages().filter((line) => /found at the full checks only/.test(line));
  assert.deepEqual(told, ['deaths are found at the full checks only, not at once: PSAVER_EVENTS is off']);
});

test('a parent that ignores SIGCHLD takes no script’s end away', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'exit 3', '1:exit:start_wait=0.2:restart_interval=0', HOUR_SECONDS);
  const prefix = ['/bin/sh', '-c', 'trap "" CHLD; exec "$0" "$@"'] as const;
  const pcheck = startPcheck({ ...workspace, prefix: [...prefix] }, ['-f', pfile, '--no-syslog']);
  await pcheck.logged(/the script ended with status 3/);
  assert.equal(await pcheck.ended, 1);
});

test('a script without a #! line is run by the shell', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '5:exit:start_wait=1:restart_interval=0', HOUR_SECONDS);
  workspace.write('start.sh', `${STARTS_SERVICE}\n`, 0o755);
  const pcheck = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await pcheck.logged(/\) Up$/);
});

test('with more entries than descriptors all are watched: those that are left over by the full checks', async (t) => {
  const workspace = createWorkspace(t);
  const first = oneEntry(workspace, STARTS_SERVICE, '5:continue:start_wait=1:restart_interval=0');
  const head = readFileSync(first, 'utf8').split('\n').slice(0, 3);
  const { folder } = workspace;
  workspace.write('many.sh', '#!/bin/sh\n"$(dirname "$0")"/service "$1" &\n', 0o755);
  const entries = Array.from(
    { length: 100 },
    (_, n) => `${folder}/service:${folder}/many.sh ${9000 + n}:86400:5:continue:include_strings=${9000 + n}`,
  );
  const pfile = workspace.write('pfile', `${[...head, ...entries].join('\n')}\n`);
  const prefix = ['/bin/sh', '-c', 'ulimit -n 128; exec "$0" "$@"'] as const;
  const limited: Workspace = { ...workspace, prefix: [...prefix] };
  const pcheck = startPcheck(limited, ['-f', pfile, '--no-syslog']);
  await pcheck.logged(/\) Up$/, 100, 60);
  for (const id of ['1', '100']) {
    const { stdout } = padmin(workspace, '-f', pfile, '-i', id, '-c', 'show', 'pent');
    process.kill(Number(/^pid += (\d+)$/m.exec(stdout)?.[1]), 'SIGKILL');
  }
  await pcheck.logged(/\) Up$/, 102, 60);
  assert.match(pcheck.stderr(), /cannot be told at once \(EMFILE\)/);
  assert.doesNotMatch(pcheck.stderr(), /cannot look at the processes|a defect/);
});
