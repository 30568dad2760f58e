// The folder of the dump file on a disk that takes no more writes (fsfreeze(8), as backups of virtual machines do it), or
// behind a server that hangs: pcheck goes on, and so does the next one.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { test } from 'node:test';
import { mountDisk, whyNoDisk } from '../harness/frozen-disk.ts';
import { startHolder } from '../harness/holder.ts';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { padmin, type RunningPcheck, showPent, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, startedFrom } from '../harness/workspace.ts';

// A file system behind a server, which is stopped, in the place of the dump's folder.
const SERVER_HOLDER = `
set -e
trap exit TERM INT HUP
mkdir "$1/behind"
bindfs -f -o attr_timeout=0,entry_timeout=0,negative_timeout=0 "$1/behind" "$1/out" &
server=$!
trap 'kill -s CONT $server; umount -l "$1/out"; kill $server 2>/dev/null' EXIT
until mountpoint -q "$1/out"; do sleep 0.05; done
echo mounted
while read -r signal; do
  kill -s $signal $server
  echo done
done
`;

test('on a disk that is stuck neither a restart nor the verdict is delayed, and pcheck ends', {
  skip: whyNoDisk(),
}, async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:restart_interval=0:start_wait=2');
  const disk = await mountDisk(workspace, workspace.path('out'));
  try {
    const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
    await running.logged(/Up/);
    // A cut is due from the next full check on, and cannot be made.
    truncateSync(workspace.path('out/dump.1.out'), 2 * 1024 * 1024);
    await disk.freeze();
    for (const count of [2, 3]) {
      process.kill(Number(showPent(workspace, pfile)['pid']), 'SIGKILL');
      await running.logged(/Up/, count);
    }
    const stamp = () => readFileSync(workspace.verdict, 'utf8');
    const before = stamp();
    await until('the verdict is stamped anew', () => stamp() !== before);
    running.signal('SIGTERM');
    assert.equal(await running.ended, 0);
    assert.match(stamp(), /^stopped\n/);
  } finally {
    await disk.remove();
  }
});

/** After a killed one: since it was started, as a cluster waits for it. */
async function startsAtOnce(running: RunningPcheck): Promise<void> {
  const begun = performance.now();
  await running.logged(/took up 1 entries/);
  const took = performance.now() - begun;
  assert.ok(took < START_MILLISECONDS, `it took ${Math.round(took)} ms:\n${running.stderr()}`);
}

/** A second, and what a busy machine takes for Node. */
const START_MILLISECONDS = 4000;

test('beside a pcheck that was killed while its disk was stuck the next one starts at once', {
  skip: whyNoDisk(),
}, async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:restart_interval=0:start_wait=2');
  const disk = await mountDisk(workspace, workspace.path('out'));
  try {
    const first = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
    await first.logged(/Up/);
    await disk.freeze();
    // A dump of this hangs.
    assert.equal(padmin(workspace, '-f', pfile, '-c', 'stop').status, 0);
    await until('its writer hangs', () => startedFrom(workspace).length > 2);
    first.signal('SIGKILL');
    assert.equal(await first.ended, 'SIGKILL');
    const second = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
    await startsAtOnce(second);
    assert.equal(padmin(workspace, '-f', pfile, '-c', 'start').status, 0);
    second.signal('SIGTERM');
    assert.equal(await second.ended, 0);
  } finally {
    await disk.remove();
  }
});

function whyNoServer(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  const missing = ['/usr/bin/bindfs', '/dev/fuse'].filter((path) => !existsSync(path));
  return missing.length === 0 ? false : `needs ${missing.join(', ')}`;
}

test('behind a server that hangs nothing is waited for: restarts, padmin, the end, the next start; what was due is written when it answers', {
  skip: whyNoServer(),
}, async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '9:exit:restart_interval=0:start_wait=2');
  const server = await startHolder(SERVER_HOLDER, workspace.folder);
  try {
    const first = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
    await first.logged(/Up/);
    await until('the dump is written', () => existsSync(workspace.path('out/dump')));
    await server.tell('STOP');
    for (const count of [2, 3]) {
      process.kill(Number(showPent(workspace, pfile)['pid']), 'SIGKILL');
      await first.logged(/Up/, count);
    }
    first.signal('SIGKILL');
    assert.equal(await first.ended, 'SIGKILL');
    const second = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
    await startsAtOnce(second);
    assert.match(second.stderr(), /\/out, the folder of SHM_DUMP_FILE, does not answer/);
    second.signal('SIGTERM');
    assert.equal(await second.ended, 0);
    const third = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
    await third.logged(/Up/);
    assert.equal(padmin(workspace, '-f', pfile, '-c', 'stop').status, 0);
    await server.tell('CONT');
    await until('the dump is the last state', () =>
      readFileSync(workspace.path('out/dump'), 'utf8').includes('"monitoring": "off"'),
    );
    third.signal('SIGTERM');
    assert.equal(await third.ended, 0);
    await until('nothing half written is left', () =>
      readdirSync(workspace.path('out')).every((name) => !name.endsWith('.new')),
    );
  } finally {
    await server.remove();
  }
});
