// The way to a file as the kernel goes it, step by step: every directory that is passed and every link that is
// followed, since who may change one of them decides what is found at the end.
import { dirname } from 'node:path';
import type { FileLookup } from '../system/types.ts';

export type PathWalk = {
  /** Real paths, each once. */
  readonly directories: readonly string[];
  readonly links: readonly string[];
  /** The real path of the file; the last one known when the links go round in circles. */
  readonly file: string;
};

/** What the kernel takes (path_resolution(7)): nothing is found by a longer path. */
const MAX_PATH_LENGTH = 4095;
/** As many as the kernel follows. */
const LINKS_MAX = 40;

export async function walkPath(path: string, files: FileLookup): Promise<PathWalk> {
  if (path.length > MAX_PATH_LENGTH) return { directories: [], links: [], file: path };
  const directories = new Set<string>();
  const links = new Set<string>();
  let at = '/';
  let followed = 0;
  // A relative path begins where pcheck stands. The next step is the last one: taking the first of many costs all.
  const ahead = stepsBackwards(path.startsWith('/') ? path : `${(await files.resolve('.')) ?? ''}/${path}`);
  for (let step = ahead.pop(); step !== undefined; step = ahead.pop()) {
    directories.add(at);
    if (step === '..') {
      at = dirname(at);
      continue;
    }
    const next = at === '/' ? `/${step}` : `${at}/${step}`;
    const link = await files.link(next);
    // Nothing of what would be below is there either.
    if (link === undefined)
      return { directories: [...directories], links: [...links], file: [next, ...ahead.reverse()].join('/') };
    if (link === 'no-link') {
      at = next;
      continue;
    }
    links.add(next);
    followed += 1;
    if (followed > LINKS_MAX) break;
    if (link.target.startsWith('/')) at = '/';
    ahead.push(...stepsBackwards(link.target));
  }
  return { directories: [...directories], links: [...links], file: at };
}

function stepsBackwards(path: string): string[] {
  return path
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .reverse();
}
