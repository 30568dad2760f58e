// A disk of its own for one test, which can be frozen as a backup does it: whoever writes to it then waits, out of reach
// of any signal.
import { existsSync } from 'node:fs';
import { startHolder } from './holder.ts';
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
  const { tell, remove } = await startHolder(HOLDER, workspace.folder, folder);
  return { freeze: () => tell('-f'), thaw: () => tell('-u'), remove };
}
