// Kernel locks on files of the runtime directory: they end with their holder, however it ends, so a stale
// file never blocks a start (SPEC 7).
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../errors.ts';
import type { Kernel } from './kernel.ts';

export type Lock =
  /** `release` gives the lock up before this process ends, and removes the file. */
  { readonly held: true; release(): void } | { readonly held: false; readonly holder: string };

const POLL_MILLISECONDS = 100;

const { O_RDWR, O_RDONLY, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
const HOLDER_BYTES = 8192;

/**
 * Takes the lock, waiting `patienceSeconds` for a holder that is ending. `description` is written into the
 * file, for the one who finds it held; `holder` is what stands there then.
 */
export async function takeLock(
  kernel: Kernel,
  path: string,
  description: string,
  patienceSeconds: number,
): Promise<Lock> {
  for (let waited = 0; ; waited += POLL_MILLISECONDS) {
    const descriptor = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    if (kernel.tryLock(descriptor) && isStill(path, descriptor)) {
      describe(descriptor, description);
      return {
        held: true,
        release() {
          rmSync(path, { force: true });
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
    // Whatever lies there: a FIFO would be waited for.
    const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const bytes = Buffer.alloc(HOLDER_BYTES);
      return bytes.toString('utf8', 0, readSync(descriptor, bytes)).trim();
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const code = errorCode(error);
    // ENOENT: it ended in this very moment, after all the patience.
    return code === 'ENOENT' ? 'it has just ended, try again' : `who cannot be read: ${code}`;
  }
}

/** For a file that is named after something of any length and with any characters. */
export function hashedName(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS);
}

const HASH_DIGITS = 16;
