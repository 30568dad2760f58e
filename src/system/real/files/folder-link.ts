// A link in the folder of the dump file: made by a child beside whatever lies there, and renamed over it. A directory is
// not replaced.
import { randomBytes } from 'node:crypto';
import { closeSync } from 'node:fs';
import type { RunShell } from '../scripts/run-shell.ts';
import type { DumpFolder } from './dump-folder.ts';
import type { FolderCalls } from './folder-calls.ts';
import type { OpenFolder } from './folder-walk.ts';

export type FolderLink = {
  readonly path: string;
  /** It leads there from now on; when it does already, nothing is done. `onEnd` comes later, once, however late, with the error or undefined. */
  lead(target: string, onEnd: (error: string | undefined) => void): void;
};

const SCRIPT = `
trap 'rm -f -- "$1"' EXIT
ln -sT -- "$2" "$1" && mv -fT -- "$1" "$3"`;
const RANDOM_BYTES = 8;

export function createFolderLink(
  folder: DumpFolder,
  name: string,
  { openLink }: Pick<FolderCalls, 'openLink'>,
  runShell: RunShell,
): FolderLink {
  function replace(found: OpenFolder, target: string, onEnd: (error: string | undefined) => void): void {
    const newName = `psaver-${randomBytes(RANDOM_BYTES).toString('hex')}.new`;
    const words = [newName, target, name];
    runShell({ text: SCRIPT, words, directory: found.descriptor, release: found.close }, { ended: onEnd });
  }

  return {
    path: `${folder.path === '/' ? '' : folder.path}/${name}`,
    lead(target, onEnd) {
      folder.open(undefined, (found) => {
        if (!('descriptor' in found)) {
          onEnd(found.text);
          return;
        }
        openLink(found.descriptor, name, (link) => {
          const isRight = 'target' in link && link.target === target;
          if ('descriptor' in link) closeSync(link.descriptor);
          if (!isRight) {
            replace(found, target, onEnd);
            return;
          }
          found.close();
          onEnd(undefined);
        });
      });
    },
  };
}
