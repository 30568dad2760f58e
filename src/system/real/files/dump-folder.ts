// The folder of the dump file, opened anew for each use, since somebody may have put another in its place. One walk to
// it at a time: when its file system hangs, one thread hangs with it, and who cannot wait is told so.
import type { FolderCalls } from './folder-calls.ts';
import { type FolderProblem, type OpenFolder, walkToFolder } from './folder-walk.ts';

export type DumpFolder = {
  readonly path: string;
  /** `onOpen` comes later, once: within the time limit, or, where none is given, however late. Who gets the folder closes it. */
  open(limitMilliseconds: number | undefined, onOpen: (found: OpenFolder | FolderProblem) => void): void;
};

type Waiting = {
  readonly onOpen: (found: OpenFolder | FolderProblem) => void;
  readonly timer: NodeJS.Timeout | undefined;
};

/** A walk that has taken so long is not joined by those who have a time limit. */
const SILENT_MILLISECONDS = 500;

export function createDumpFolder(calls: FolderCalls, path: string, ownUid: number): DumpFolder {
  const waiting = new Set<Waiting>();
  let beganAt: number | undefined;

  function walk(): void {
    beganAt = performance.now();
    walkToFolder(calls, path, ownUid, (found) => {
      beganAt = undefined;
      const [first] = waiting;
      if (first === undefined) {
        if ('descriptor' in found) found.close();
        return;
      }
      waiting.delete(first);
      clearTimeout(first.timer);
      if (waiting.size > 0) walk();
      first.onOpen(found);
    });
  }

  function isSilent(): boolean {
    return beganAt !== undefined && performance.now() - beganAt > SILENT_MILLISECONDS;
  }

  return {
    path,
    open(limitMilliseconds, onOpen) {
      const silent = { is: 'silent', text: `${path} does not answer` } as const;
      if (limitMilliseconds !== undefined && isSilent()) {
        setImmediate(onOpen, silent);
        return;
      }
      function giveUp(): void {
        waiting.delete(one);
        onOpen(silent);
      }
      const timer = limitMilliseconds === undefined ? undefined : setTimeout(giveUp, limitMilliseconds);
      const one: Waiting = { onOpen, timer };
      waiting.add(one);
      if (beganAt === undefined) walk();
    },
  };
}
