// Where pcheck and padmin meet: a directory that only its owner can enter (SPEC 6); and the one beside it, for
// the verdict, that everybody can read.
import { chmodSync, lstatSync, mkdirSync, type Stats } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';

export function runtimeDirectory(): string {
  return directoryNamed('psaver');
}

export function publicDirectory(): string {
  return directoryNamed('psaver-verdict');
}

function directoryNamed(name: string): string {
  const uid = ownUid();
  if (uid === 0) return `/run/${name}`;
  const user = process.env['XDG_RUNTIME_DIR'];
  return user?.startsWith('/') ? `${user}/${name}` : `${tmpdir()}/${name}-${uid}`;
}

/** Creates it where it is missing. Throws when it cannot be made, or is not ours alone. */
export function makeRuntimeDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  refuseForeign(path, stat);
  if ((stat.mode & 0o077) !== 0) throw new Error(`${path} is open to other users (mode must be 0700)`);
}

/** Likewise; its parent has to be there. */
export function makePublicDirectory(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
    mkdirSync(path);
    // Whatever the umask.
    chmodSync(path, 0o755);
  }
  const stat = lstatSync(path);
  refuseForeign(path, stat);
  if ((stat.mode & 0o022) !== 0) throw new Error(`${path} may be written by other users (mode must be 0755)`);
}

function refuseForeign(path: string, stat: Stats): void {
  if (!stat.isDirectory()) throw new Error(`${path} is not a directory`);
  if (stat.uid !== ownUid()) throw new Error(`${path} belongs to another user (uid ${stat.uid})`);
}

export function ownUid(): number {
  return process.getuid?.() ?? userInfo().uid;
}

/** Who may ask. The directory keeps others out already; this holds where it would not. */
export function isOwnOrRoot(peerUid: number | undefined): boolean {
  return peerUid === undefined || peerUid === 0 || peerUid === ownUid();
}
