// A file system that stops to answer and answers again when the test says so, as one on a network may: a FUSE server
// (bindfs) that is stopped. It is gone with the process that holds it, however the test ends.
import { existsSync } from 'node:fs';
import { startHolder } from './holder.ts';
import { whyMissing } from './packages.ts';
import type { Workspace } from './workspace.ts';

export type StalledFileSystem = {
  /** What is in `real/` of the workspace is seen below here. */
  readonly mounted: string;
  stall(): Promise<void>;
  thaw(): Promise<void>;
  /** Thaws it, and it is gone. */
  remove(): Promise<void>;
};

/** Why there is none here. */
export function whyNoStalledFileSystem(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!existsSync('/dev/fuse')) return 'needs /dev/fuse';
  return whyMissing({ bindfs: '/usr/bin/bindfs' }) ?? false;
}

// Without caches, as after some seconds.
const HOLDER = `
set -e
mkdir -p "$1/real" "$1/fs"
bindfs -f -o attr_timeout=0,entry_timeout=0,negative_timeout=0,allow_other "$1/real" "$1/fs" 2>/dev/null &
server=$!
trap exit TERM INT HUP
trap 'kill -CONT $server; umount -l "$1/fs"; kill $server 2>/dev/null' EXIT
while ! mountpoint -q "$1/fs"; do sleep 0.02; done
echo mounted
while read -r signal; do kill "-$signal" $server; echo "$signal"; done
`;

export async function mountStallable(workspace: Workspace): Promise<StalledFileSystem> {
  const { tell, remove } = await startHolder(HOLDER, workspace.folder);
  return {
    mounted: workspace.path('fs'),
    stall: () => tell('STOP'),
    thaw: () => tell('CONT'),
    remove,
  };
}
