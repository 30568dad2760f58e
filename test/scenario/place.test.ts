// The place of one pcheck on this machine: its directory, and the locks that keep a second one away.
import assert from 'node:assert/strict';
import { lstatSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inNamespace, whyNoNamespace } from '../harness/namespaces.ts';
import { oneEntry } from '../harness/one-entry.ts';
import { pcheck, type RunningPcheck, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

for (const [what, make, complaint] of [
  ['of mode 0755', 'mkdir -m 755 /run/psaver', '/run/psaver is open to other users (mode must be 0700)'],
  [
    'of another user',
    'mkdir -m 700 /run/psaver; chown 12345 /run/psaver',
    '/run/psaver belongs to another user (uid 12345)',
  ],
  ['that is a link', 'mkdir -m 700 /run/x; ln -s x /run/psaver', '/run/psaver is not a directory'],
] as const) {
  test(`a runtime directory ${what} is refused, status 73`, { skip: whyNoNamespace() }, (t) => {
    const workspace = createWorkspace(t);
    const pfile = oneEntry(workspace, 'true', '0:exit');
    const inside = inNamespace(workspace, `mount -t tmpfs -o mode=755 tmpfs /run; ${make}`);
    const { status, stderr } = pcheck(inside, '-f', pfile, '--no-syslog');
    assert.equal(status, 73, stderr);
    assert.ok(stderr.includes(`: ${complaint}\n`), stderr);
  });
}

/** The pfile of a second pcheck, with another IPCKEY and this dump file. */
function secondPfile(workspace: Workspace, name: string, dump: string): string {
  const other = `0x${(Number(workspace.ipckey) ^ 0x800000).toString(16)}`;
  const text = readFileSync(workspace.path('pfile'), 'utf8')
    .replace(/^IPCKEY .*/m, `IPCKEY ${other}`)
    .replace(/^SHM_DUMP_FILE .*/m, `SHM_DUMP_FILE ${workspace.path(dump)}`);
  return workspace.write(name, text);
}

test('two pfiles that name one dump file, whatever way to its folder, cannot run both', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
  symlinkSync('out', workspace.path('folder'));
  const first = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await first.logged(/RETRY_OVER/);
  const second = secondPfile(workspace, 'second', 'folder/dump');
  const { status, stderr } = pcheck(workspace, '-f', second, '--no-syslog');
  assert.equal(status, 75);
  const holder = `another pcheck (pid ${first.pid}, pfile ${pfile}) holds SHM_DUMP_FILE ${workspace.path('folder/dump')}`;
  assert.ok(stderr.includes(holder), stderr);
  // A link to the file is another file: the first dump takes its place.
  symlinkSync('out/dump', workspace.path('file'));
  const third = startPcheck(workspace, ['-f', secondPfile(workspace, 'third', 'file'), '--no-syslog']);
  await third.logged(/RETRY_OVER/);
  await until('the link is replaced', () => lstatSync(workspace.path('file')).isFile());
  for (const running of [first, third]) {
    running.signal('SIGTERM');
    assert.equal(await running.ended, 0);
  }
  assert.deepEqual(
    readdirSync(workspace.path('out')).filter((name) => name.endsWith('.lock')),
    [],
  );
});

test('who holds a lock is told as it can be shown, whatever stands there', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/RETRY_OVER/);
  writeFileSync(workspace.socket.replace(/sock$/, 'lock'), 'pid 1\n\x1b[2J\x9b1mpcheck: all is well');
  const { status, stderr } = pcheck(workspace, '-f', pfile, '--no-syslog');
  assert.equal(status, 75);
  assert.ok(stderr.includes('(pid 1\\x0a\\x1b[2J'), stderr);
  assert.doesNotMatch(stderr, /(?!\n)\p{Cc}/u);
});

/** It has come as far as its locks: what takes them is loaded. */
async function hasLoadedKernel({ pid }: RunningPcheck): Promise<void> {
  await until('pcheck has loaded koffi', () =>
    /koffi.*\.node$/m.test(readFileSync(`/proc/${pid}/maps`, 'utf8')),
  );
}

test('a pcheck that finds an old one ending starts when that has ended', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
  const old = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await old.logged(/RETRY_OVER/);
  const next = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await hasLoadedKernel(next);
  // Time in which one without patience gives up; with it there are seconds left.
  await delay(500);
  old.signal('SIGTERM');
  assert.equal(await old.ended, 0);
  await next.logged(/started/);
  next.signal('SIGTERM');
  assert.equal(await next.ended, 0);
});

test('a pcheck that waits for an old one ends with 0 when it is told to', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
  const old = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await old.logged(/RETRY_OVER/);
  const next = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await hasLoadedKernel(next);
  await delay(200);
  next.signal('SIGTERM');
  assert.equal(await next.ended, 0);
  assert.doesNotMatch(next.stderr(), /started/);
  old.signal('SIGTERM');
  assert.equal(await old.ended, 0);
});
