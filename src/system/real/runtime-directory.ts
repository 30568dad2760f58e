// Where pcheck and padmin meet: a directory that only its owner can enter (SPEC 6).
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';

export function runtimeDirectory(): string {
  const uid = ownUid();
  if (uid === 0) return '/run/psaver';
  const user = process.env['XDG_RUNTIME_DIR'];
  return user?.startsWith('/') ? `${user}/psaver` : `${tmpdir()}/psaver-${uid}`;
}

/** Creates it where it is missing. Throws when it cannot be made, or is not ours alone. */
export function makeRuntimeDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  if (!stat.isDirectory()) throw new Error(`${path} is not a directory`);
  if (stat.uid !== ownUid()) throw new Error(`${path} belongs to another user (uid ${stat.uid})`);
  if ((stat.mode & 0o077) !== 0) throw new Error(`${path} is open to other users (mode must be 0700)`);
}

export function ownUid(): number {
  return process.getuid?.() ?? userInfo().uid;
}
