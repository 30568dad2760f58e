// Opens a folder as the kernel would find it, step by step from the root: links are read and judged before they are
// followed. One that somebody else could have laid is not: it would lead what root writes to a place of their choice.
import { closeSync } from 'node:fs';
import type { Failed } from '../libc/in-thread.ts';
import { AT_FDCWD } from '../libc/system-calls.ts';
import type { FolderCalls, OpenedLink } from './folder-calls.ts';
import type { FileStat, Opened } from './open-call.ts';

export type OpenFolder = Opened & {
  /** Whether somebody else can make files in it, or rename and remove what is there. */
  readonly others: 'nothing' | 'make' | 'replace';
  close(): void;
};

export type FolderProblem = {
  /** `untrusted`: it is there, but the way to it leads over a link of others. */
  readonly is: 'missing' | 'not-directory' | 'untrusted' | 'silent' | 'failed';
  /** Begins with the path that it is about. */
  readonly text: string;
};

/** As many as the kernel follows (path_resolution(7)). */
const MAX_LINKS = 40;
const MAX_NAME_BYTES = 255;
const TYPE_MASK = 0o170000;
const LINK = 0o120000;
const GROUP_OR_OTHERS_WRITE = 0o022;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;

/** `path` is absolute. `onEnd` comes later, however late. */
export function walkToFolder(
  calls: FolderCalls,
  path: string,
  ownUid: number,
  onEnd: (found: OpenFolder | FolderProblem) => void,
): void {
  // The next step is the last one: taking the first of many costs all.
  const ahead = stepsBackwards(path);
  let links = 0;
  /** No directory so far is one in which somebody else could have laid a link. */
  let isTrusted = true;

  function take(at: string, { descriptor, stat }: Opened): void {
    isTrusted &&=
      isOwn(stat.uid, ownUid) && !((stat.mode & OTHERS_WRITE) !== 0 && (stat.mode & STICKY) === 0);
    const name = ahead.pop();
    if (name === undefined) {
      onEnd({ descriptor, stat, others: whatOthersMay(stat, ownUid), close: () => closeSync(descriptor) });
      return;
    }
    const next = at === '/' ? `/${name}` : `${at}/${name}`;
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
      closeSync(descriptor);
      onEnd(problem(next, 'ENAMETOOLONG'));
      return;
    }
    calls.openDirectory(descriptor, name, (opened) => {
      if ('descriptor' in opened) {
        closeSync(descriptor);
        take(next, opened);
      } else if (opened.error === 'ENOTDIR') follow(at, { descriptor, stat }, name, next);
      else {
        closeSync(descriptor);
        onEnd(problem(next, opened.error));
      }
    });
  }

  function follow(at: string, directory: Opened, name: string, next: string): void {
    calls.openLink(directory.descriptor, name, (link) => {
      if ('descriptor' in link) closeSync(link.descriptor);
      const refusal = refusalOf(link, next);
      if (refusal !== undefined || 'error' in link) {
        closeSync(directory.descriptor);
        onEnd(refusal ?? problem(next, 'EIO'));
        return;
      }
      links += 1;
      ahead.push(...stepsBackwards(link.target));
      if (!link.target.startsWith('/')) {
        take(at, directory);
        return;
      }
      closeSync(directory.descriptor);
      begin();
    });
  }

  function refusalOf(link: OpenedLink | Failed, next: string): FolderProblem | undefined {
    if ('error' in link) return problem(next, link.error);
    if ((link.stat.mode & TYPE_MASK) !== LINK)
      return { is: 'not-directory', text: `${next} is not a directory` };
    if (links >= MAX_LINKS) return problem(next, 'ELOOP');
    if (!isOwn(link.stat.uid, ownUid)) {
      return { is: 'untrusted', text: `${next} is a link of uid ${link.stat.uid}, which is not followed` };
    }
    if (isTrusted) return undefined;
    return { is: 'untrusted', text: `${next} is a link where others may write, which is not followed` };
  }

  function begin(): void {
    calls.openDirectory(AT_FDCWD, '/', (root) => {
      if ('descriptor' in root) take('/', root);
      else onEnd(problem('/', root.error));
    });
  }

  begin();
}

function stepsBackwards(path: string): string[] {
  return path
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .reverse();
}

function isOwn(uid: number, ownUid: number): boolean {
  return uid === 0 || uid === ownUid;
}

function whatOthersMay({ uid, mode }: FileStat, ownUid: number): OpenFolder['others'] {
  if (!isOwn(uid, ownUid)) return 'replace';
  if ((mode & GROUP_OR_OTHERS_WRITE) === 0) return 'nothing';
  return (mode & STICKY) === 0 ? 'replace' : 'make';
}

function problem(path: string, error: string): FolderProblem {
  return { is: error === 'ENOENT' ? 'missing' : 'failed', text: `${path}: ${error}` };
}
