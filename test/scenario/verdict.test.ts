// The verdict of a real pcheck, read as a cluster manager reads it: by the script in examples/check.
import assert from 'node:assert/strict';
import { lstatSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { type Output, padmin, run, showPent, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

const SCRIPT = resolve('examples/check/psaver-verdict.sh');

function check(workspace: Workspace, ...options: readonly string[]): Output {
  return run(workspace, ['/bin/sh', SCRIPT, ...options, workspace.verdict]);
}

async function says(workspace: Workspace, status: 0 | 1, line: RegExp, ...options: readonly string[]) {
  let last = '';
  await until(`the verdict is ${line}`, () => {
    const { status: is, stdout, stderr } = check(workspace, ...options);
    last = `${is}: ${stdout}${stderr}`;
    return is === status && stderr === '' && line.test(stdout);
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; it was ${last}`);
  });
}

/** By hand, as an operator does it. */
function startService(workspace: Workspace): void {
  run(workspace, ['/bin/sh', '-c', '"$0" 86400 >/dev/null 2>&1 &', workspace.path('service')]);
}

test('a service is healed under the verdict ok; when its retries are used up the verdict is failed, and stays', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '1:exit:restart_interval=0:start_wait=0.3');
  assert.equal(check(workspace).status, 1);
  const pcheck = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await pcheck.logged(/Up/);
  await says(workspace, 0, /^ok\n$/);
  process.kill(Number(showPent(workspace, pfile)['pid']), 'SIGKILL');
  assert.equal(await pcheck.ended, 1);
  const { status, stdout } = check(workspace);
  assert.equal(status, 1);
  assert.match(stdout, /^failed \(.*\/service\) RETRY_OVER:EXIT\n$/);
});

test('the link beside the dump file leads to the verdict, which everybody can read and only its owner can write', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=0.3');
  const pcheck = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await pcheck.logged(/Up/);
  const link = workspace.path('out/dump.verdict');
  assert.ok(lstatSync(link).isSymbolicLink());
  assert.equal(readlinkSync(link), workspace.verdict);
  assert.equal(statSync(workspace.verdict).mode & 0o777, 0o644);
  await says(workspace, 0, /^ok\n$/);
  const [at = 0, untilSeconds = 0, pid, ipckey] = (readFileSync(link, 'utf8').split('\n')[1] ?? '')
    .split(' ')
    .map(Number);
  const uptime = Number.parseFloat(readFileSync('/proc/uptime', 'utf8'));
  assert.ok(at <= uptime && untilSeconds - at >= 5, `${at} ${untilSeconds} at ${uptime}`);
  assert.deepEqual([pid, ipckey], [pcheck.pid, Number(workspace.ipckey)]);
});

test('an ordinary end leaves stopped, which moves; the next start says starting again', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=3600');
  const first = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await says(workspace, 0, /^starting\n$/);
  await says(workspace, 1, /^starting\n$/, '-f', 'starting');
  first.signal('SIGTERM');
  assert.equal(await first.ended, 0);
  await says(workspace, 1, /^stopped\n$/);
  startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await says(workspace, 0, /^starting\n$/);
});

test('an entry that is given up makes the verdict degraded, which moves only who wants it, until it is back', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '0:continue:start_wait=0');
  startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await says(workspace, 0, /^degraded \(.*\/service\) RETRY_OVER:CONTINUE\n$/);
  await says(workspace, 1, /^degraded /, '-f', 'degraded');
  startService(workspace);
  await says(workspace, 0, /^ok\n$/, '-f', 'degraded');
});

test('with monitoring off a service that is stopped on purpose moves nothing', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '0:exit');
  startService(workspace);
  const pcheck = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await pcheck.logged(/Up/);
  const pid = Number(showPent(workspace, pfile)['pid']);
  padmin(workspace, '-f', pfile, '-c', 'stop');
  process.kill(pid, 'SIGKILL');
  await until('its death is seen', () => showPent(workspace, pfile)['proc_sts'] === 'UNAVAIL');
  await says(workspace, 0, /^ok\n$/);
});

test('a pcheck that hangs lets its verdict become stale, and one that goes on is ok again', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=1', 1);
  const pcheck = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await pcheck.logged(/Up/);
  await says(workspace, 0, /^ok\n$/);
  pcheck.signal('SIGSTOP');
  await says(workspace, 1, /^stale: pcheck\[\d+\] has not said anything for \d+ s; it was: ok\n$/);
  pcheck.signal('SIGCONT');
  await says(workspace, 0, /^ok\n$/);
});

test('a pcheck that was killed is dead at once, and stale for who cannot see its process', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=1', 1);
  const pcheck = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await pcheck.logged(/Up/);
  await says(workspace, 0, /^ok\n$/);
  pcheck.signal('SIGKILL');
  assert.equal(await pcheck.ended, 'SIGKILL');
  assert.match(check(workspace).stdout, /^(dead|stale): pcheck\[\d+\] .*; it was: ok\n$/);
  await says(workspace, 1, /^stale: /, '-n');
});

const FORGED = [
  ['an empty file', ''],
  ['half of one', 'ok\n'],
  ['another word', 'okay\n1.00 2.00 1 0x1\n'],
  ['no number', 'ok\nnow then 1 0x1\n'],
  ['a command', 'ok\n$(id) `id` 1 0x1\n'],
  ['no pid', 'ok\n1.00 9999999999.00 -1 0x1\n'],
  ['what drives a terminal', 'failed \x1b[2J\n1.00 9999999999.00 1 0x1\n'],
] as const;

for (const [what, text] of FORGED) {
  test(`${what} is no verdict`, (t) => {
    const workspace = createWorkspace(t);
    const { status, stdout } = run(workspace, ['/bin/sh', SCRIPT, workspace.write('verdict', text)]);
    assert.equal(status, 1);
    assert.match(stdout, /^no verdict: .* is not one\n$/);
  });
}

test('a FIFO in the place of the link is no verdict, and not waited for', (t) => {
  const workspace = createWorkspace(t);
  run(workspace, ['mkfifo', workspace.path('verdict')]);
  const { status, stdout } = run(workspace, ['/bin/sh', SCRIPT, workspace.path('verdict')]);
  assert.equal(status, 1);
  assert.match(stdout, /^no verdict: /);
});

test('the verdict of an earlier boot is stale, whether its time lies ahead or behind', (t) => {
  const workspace = createWorkspace(t);
  for (const stamp of ['99999999.00 99999999.00', '0.00 0.00']) {
    const file = workspace.write('verdict', `ok\n${stamp} ${process.pid} 0x1\n`);
    const { status, stdout } = run(workspace, ['/bin/sh', SCRIPT, file]);
    assert.equal(status, 1);
    assert.match(stdout, /^stale: /);
  }
});

test('a wrong command line is neither: it says how it is used', (t) => {
  const workspace = createWorkspace(t);
  for (const words of [[], ['-x', 'file'], ['one', 'two']]) {
    const { status, stderr } = run(workspace, ['/bin/sh', SCRIPT, ...words]);
    assert.equal(status, 64);
    assert.match(stderr, /usage: /);
  }
});
