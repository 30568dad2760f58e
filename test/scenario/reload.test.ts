// A pfile that is read again by a running pcheck, through padmin and by SIGHUP: what is taken, what is refused.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { padmin, type RunningPcheck, showPent, startPcheck } from '../harness/programs.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

/** A pcheck that has restarted its service once. */
async function restarted(
  t: TestContext,
): Promise<{ workspace: Workspace; pfile: string; running: RunningPcheck }> {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=2');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/Up/);
  return { workspace, pfile, running };
}

function edit(workspace: Workspace, from: string, to: string): void {
  const text = readFileSync(workspace.path('pfile'), 'utf8');
  assert.ok(text.includes(from));
  workspace.write('pfile', text.replace(from, to));
}

async function ends(running: RunningPcheck): Promise<void> {
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
}

test('reload takes a good pfile: what stayed the same keeps process and counters, new values are in force', async (t) => {
  const { workspace, pfile, running } = await restarted(t);
  const before = showPent(workspace, pfile);
  edit(workspace, ':3:exit', ':9:continue');
  edit(workspace, 'MONITOR_INTERVAL 0.3', 'MONITOR_INTERVAL 0.4');
  const { status, stdout } = padmin(workspace, '-f', pfile, '-c', 'reload');
  assert.deepEqual([status, stdout], [0, '1 entries kept, 0 added, 0 removed\n']);
  assert.equal(before['retry_count'], '1');
  assert.deepEqual(showPent(workspace, pfile), { ...before, retry_over_act: 'continue' });
  const param = padmin(workspace, '-f', pfile, '-c', 'show', 'param');
  assert.equal(param.status, 0);
  assert.match(param.stdout, /^monitor_interval {3}= 0\.4$/m);
  assert.match(param.stdout, new RegExp(`^pcheck_pid {9}= ${running.pid}$`, 'm'));
  await ends(running);
});

test('reload of a bad pfile changes nothing, shows its mistakes, and is status 65', async (t) => {
  const { workspace, pfile, running } = await restarted(t);
  const before = showPent(workspace, pfile);
  edit(workspace, ':3:exit', ':x:exti');
  const { status, stderr } = padmin(workspace, '-f', pfile, '-c', 'reload');
  assert.equal(status, 65);
  assert.equal(stderr.match(/pfile:4:\d+: error: /g)?.length, 2);
  assert.match(stderr, /nothing has changed/);
  assert.deepEqual(showPent(workspace, pfile), before);
  await running.logged(/the pfile was not read again, nothing has changed: .*pfile: 2 errors, line 4/);
  await ends(running);
});

test('IPCKEY and SHM_DUMP_FILE cannot change by a reload', async (t) => {
  const { workspace, pfile, running } = await restarted(t);
  edit(workspace, 'out/dump', 'other-dump');
  const { status, stderr } = padmin(workspace, '-f', pfile, '-c', 'reload');
  assert.equal(status, 65);
  assert.match(stderr, /SHM_DUMP_FILE cannot change by a reload: end pcheck and start it again/);
  edit(workspace, 'other-dump', 'out/dump');
  edit(workspace, workspace.ipckey, '0xfffffffe');
  running.signal('SIGHUP');
  await running.logged(/nothing has changed: .*pfile: IPCKEY cannot change by a reload/);
  edit(workspace, '0xfffffffe', workspace.ipckey);
  assert.equal(showPent(workspace, pfile)['proc_sts'], 'AVAIL');
  await ends(running);
});
