// The place of one pcheck on this machine: its directory, and the locks that keep a second one away.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('two pfiles that name one dump file, by a link to it or to its folder, cannot run both', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
  writeFileSync(workspace.path('out/dump'), '');
  symlinkSync('out', workspace.path('folder'));
  symlinkSync('out/dump', workspace.path('file'));
  const first = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await first.logged(/RETRY_OVER/);
  function isKeptAway(dump: string): void {
    const second = secondPfile(workspace, 'second', dump);
    const { status, stderr } = pcheck(workspace, '-f', second, '--no-syslog');
    assert.equal(status, 75, dump);
    const holder = `another pcheck (pid ${first.pid}, pfile ${pfile}) holds SHM_DUMP_FILE ${workspace.path(dump)}`;
    assert.ok(stderr.includes(holder), stderr);
  }
  isKeptAway('file');
  // Nothing is decided any more, so it is not written again: now only its folder can be resolved.
  rmSync(workspace.path('out/dump'));
  isKeptAway('folder/dump');
  first.signal('SIGTERM');
  assert.equal(await first.ended, 0);
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
