// A disk that takes no more writes (fsfreeze(8), as backups of virtual machines do it): pcheck goes on.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, truncateSync } from 'node:fs';
import { test } from 'node:test';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { showPent, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

const NEEDS = ['/usr/sbin/mkfs.ext4', '/usr/sbin/fsfreeze', '/dev/loop-control'];

function whyNoDisk(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  const missing = NEEDS.filter((path) => !existsSync(path));
  return missing.length === 0 ? false : `needs ${missing.join(', ')}`;
}

// Ends when its standard input does, so that nothing stays frozen or mounted, however the test ends.
const HOLDER = `
set -e
trap exit TERM INT HUP
truncate -s 8M "$1/image"
mkfs.ext4 -q "$1/image"
mount -o loop "$1/image" "$1/out"
trap 'fsfreeze -u "$1/out"; umount -l "$1/out"' EXIT
echo mounted
read -r _
fsfreeze -f "$1/out"
echo frozen
read -r _ || :
`;

type Disk = {
  freeze(): Promise<void>;
  /** Thaws it, and it is gone. */
  remove(): Promise<void>;
};

async function mountDisk(workspace: Workspace): Promise<Disk> {
  const holder = spawn('/bin/sh', ['-c', HOLDER, 'holder', workspace.folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await saysSomething(holder);
  return {
    async freeze() {
      holder.stdin.write('\n');
      await saysSomething(holder);
    },
    remove: () =>
      new Promise((done) => {
        holder.once('close', () => done());
        holder.stdin.end();
      }),
  };
}

function saysSomething(holder: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    holder.stdout?.once('data', () => done());
    holder.once('close', () => fail(new Error('no disk')));
  });
}

test('on a disk that is stuck neither a restart nor the verdict is delayed, and pcheck ends', {
  skip: whyNoDisk(),
}, async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:restart_interval=0');
  const disk = await mountDisk(workspace);
  try {
    const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
    await running.logged(/Up/);
    // A cut is due from the next full check on, and cannot be made.
    truncateSync(workspace.path('out/dump.1.out'), 2 * 1024 * 1024);
    await disk.freeze();
    for (const count of [2, 3]) {
      process.kill(Number(showPent(workspace, pfile)['pid']), 'SIGKILL');
      await running.logged(/Up/, count, 5);
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
