// What the folder of the dump file is, and what lies in its place, asked once and within a time limit: for the start of
// pcheck and for `pcheck -t`.
import { closeSync } from 'node:fs';
import type { Failed } from '../libc/in-thread.ts';
import type { DumpFolder } from './dump-folder.ts';
import type { FolderCalls } from './folder-calls.ts';
import type { FolderProblem, OpenFolder } from './folder-walk.ts';
import type { FileStat, Opened } from './open-call.ts';

export type FolderLook = Pick<OpenFolder, 'others'> & {
  readonly stat: FileStat;
  /** Why no files may be made in it. */
  readonly notWritable: string | undefined;
  /** What lies under the name, a link itself. */
  readonly there: 'nothing' | 'file' | 'link' | 'directory' | 'other';
};

export function lookAtFolder(
  folder: DumpFolder,
  name: string,
  { mayMakeFiles, openLink }: Pick<FolderCalls, 'mayMakeFiles' | 'openLink'>,
  limitMilliseconds: number,
): Promise<FolderLook | FolderProblem> {
  return new Promise((resolve) => {
    // Not from within a call of a thread's end: there Node does not go on with promises.
    const answer = (look: FolderLook | FolderProblem) => void setImmediate(resolve, look);
    const silent = { is: 'silent', text: `${folder.path} does not answer` } as const;
    const timer = setTimeout(resolve, limitMilliseconds, silent);
    folder.open(limitMilliseconds, (found) => {
      if (!('descriptor' in found)) {
        clearTimeout(timer);
        answer(found);
        return;
      }
      const { descriptor, stat, others, close } = found;
      mayMakeFiles(descriptor, (result) => {
        openLink(descriptor, name, (opened) => {
          clearTimeout(timer);
          close();
          if ('descriptor' in opened) closeSync(opened.descriptor);
          const notWritable = result === 'yes' ? undefined : result.error;
          answer({ stat, others, notWritable, there: kindOf(opened) });
        });
      });
    });
  });
}

function kindOf(opened: Opened | Failed): FolderLook['there'] {
  // ENOENT; what else fails is told when something is written.
  if ('error' in opened) return 'nothing';
  switch (opened.stat.mode & TYPE_MASK) {
    case 0o100000:
      return 'file';
    case 0o120000:
      return 'link';
    case 0o040000:
      return 'directory';
    default:
      return 'other';
  }
}

const TYPE_MASK = 0o170000;
