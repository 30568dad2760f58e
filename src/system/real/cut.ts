// Cuts an output file in place, by a child: on a disk that is stuck that one waits, not pcheck.
import type { RunShell } from './scripts/run-shell.ts';

export const KEPT_BYTES = 256 * 1024;

/**
 * The end is copied over the beginning, then the rest goes. Those who have the file open append behind what is
 * left; what they write within these milliseconds may be lost. One that is interrupted has not lost the end.
 */
const CUT = [
  'exec 3<&0 0</dev/null',
  `tail -c ${KEPT_BYTES} /proc/self/fd/3 | dd of=/proc/self/fd/3 bs=65536 conv=notrunc status=none`,
  `dd of=/proc/self/fd/3 bs=${KEPT_BYTES} seek=1 count=0 status=none`,
].join(' && ');

export type Cut = (descriptor: number, on: CutListener) => void;

export type CutListener = {
  /** The descriptor is not needed any more. */
  release?(): void;
  ended(error: string | undefined): void;
};

/** Keeps the last KEPT_BYTES of a file that is at least twice as long. */
export function createCut(runShell: RunShell): Cut {
  return (descriptor, { release, ended }) => {
    runShell({ text: CUT, words: [], stdin: descriptor, ...(release && { release }) }, { ended });
  };
}
