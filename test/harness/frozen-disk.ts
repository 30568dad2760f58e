// A disk of its own for one test, which can be frozen as a backup does it: whoever writes to it then waits, out of reach
// of any signal.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Workspace } from './workspace.ts';

const NEEDS = ['/usr/sbin/mkfs.ext4', '/usr/sbin/fsfreeze', '/dev/loop-control'];

/** Why there is no such disk here. */
export function whyNoDisk(): string | false {
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
mount -o loop "$1/image" "$2"
trap 'fsfreeze -u "$2" 2>/dev/null || :; umount -l "$2"' EXIT
echo mounted
while read -r how; do
  fsfreeze "$how" "$2"
  echo done
done
`;

export type Disk = {
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Thaws it, and it is gone. */
  remove(): Promise<void>;
};

/** At a folder of the workspace, which is there already. */
export async function mountDisk(workspace: Workspace, folder: string): Promise<Disk> {
  const holder = spawn('/bin/sh', ['-c', HOLDER, 'holder', workspace.folder, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await saysSomething(holder);
  async function order(word: string): Promise<void> {
    holder.stdin.write(`${word}\n`);
    await saysSomething(holder);
  }
  return {
    freeze: () => order('-f'),
    thaw: () => order('-u'),
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
