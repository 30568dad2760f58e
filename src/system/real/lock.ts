// Kernel locks on files of the runtime directory: they end with their holder, however it ends, so a stale
// file never blocks a start (SPEC 7).
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Kernel } from './kernel.ts';

export type Lock =
  /** `release` gives the lock up before this process ends, and removes the file where it was asked to. */
  { readonly held: true; release(): void } | { readonly held: false; readonly holder: string };

const POLL_MILLISECONDS = 100;

// Never through a link: others may write to the folder of a dump file.
const { O_RDWR, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Takes the lock, waiting `patienceSeconds` for a holder that is ending. `description` is written into the
 * file, for the one who finds it held; `holder` is what stands there then.
 */
export async function takeLock(
  kernel: Kernel,
  path: string,
  description: string,
  patienceSeconds: number,
  isRemovedAfter: boolean,
): Promise<Lock> {
  for (let waited = 0; ; waited += POLL_MILLISECONDS) {
    const descriptor = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    if (kernel.tryLock(descriptor) && isStill(path, descriptor)) {
      describe(descriptor, description);
      return {
        held: true,
        release() {
          if (isRemovedAfter) rmSync(path, { force: true });
          closeSync(descriptor);
        },
      };
    }
    closeSync(descriptor);
    if (waited >= patienceSeconds * 1000) return { held: false, holder: holderOf(path) };
    await delay(POLL_MILLISECONDS);
  }
}

function describe(descriptor: number, description: string): void {
  try {
    ftruncateSync(descriptor);
    writeSync(descriptor, `${description}\n`);
  } catch {
    // ENOSPC, EDQUOT, EIO: the lock holds all the same; only who holds it cannot be read.
  }
}

/** A holder that ended meanwhile removed the file: a lock on what it left in our hand keeps nobody away. */
function isStill(path: string, descriptor: number): boolean {
  const ours = fstatSync(descriptor);
  const there = statSync(path, { throwIfNoEntry: false });
  return there !== undefined && there.ino === ours.ino && there.dev === ours.dev;
}

function holderOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // ENOENT: it ended in this very moment, after all the patience.
    return 'it has just ended, try again';
  }
}
