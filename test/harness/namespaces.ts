// Programs in a mount namespace of their own: what is mounted there is seen by nobody else, and goes with them.
import { spawnSync } from 'node:child_process';
import type { Workspace } from './workspace.ts';

/** Why there is no such namespace here. */
export function whyNoNamespace(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  const { status, stderr } = spawnSync('unshare', ['--mount', 'true'], { encoding: 'utf8' });
  return status === 0 ? false : `needs a mount namespace of its own (CAP_SYS_ADMIN): ${stderr.trim()}`;
}

/** The same workspace; each of its programs is started in a namespace of its own, in which a shell does this first. */
export function inNamespace(workspace: Workspace, first: string): Workspace {
  const shell = ['/bin/sh', '-c', `set -e; ${first}; exec "$0" "$@"`] as const;
  return { ...workspace, prefix: ['unshare', '--mount', '--propagation', 'private', '--', ...shell] };
}
