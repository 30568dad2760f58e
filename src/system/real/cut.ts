// Cuts an output file in place, in a process of its own: on a disk that is stuck that one waits, not pcheck.
import { spawn } from 'node:child_process';
import { errorCode } from '../errors.ts';

export const KEPT_BYTES = 256 * 1024;

/**
 * The end is copied over the beginning, then the rest goes. Those who have the file open append behind what is
 * left; what they write within these milliseconds may be lost. One that is interrupted has not lost the end.
 */
const CUT = [
  `tail -c ${KEPT_BYTES} /proc/self/fd/3 | dd of=/proc/self/fd/3 bs=65536 conv=notrunc`,
  `dd of=/proc/self/fd/3 bs=${KEPT_BYTES} seek=1 count=0`,
].join(' && ');

/** Keeps the last KEPT_BYTES of a file that is at least twice as long; calls back once. */
export function cutInPlace(descriptor: number, onEnd: (error: string | undefined) => void): void {
  try {
    const child = spawn('/bin/sh', ['-c', CUT], {
      cwd: '/',
      detached: true,
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' },
      stdio: ['ignore', 'ignore', 'ignore', descriptor],
    });
    child.once('error', (error) => onEnd(errorCode(error)));
    child.once('exit', (status, signal) => {
      onEnd(status === 0 ? undefined : `tail and dd ended with ${signal ?? status}`);
    });
  } catch (error) {
    // EMFILE and the like may be thrown instead of emitted.
    onEnd(errorCode(error));
  }
}
