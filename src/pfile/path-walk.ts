// The way to a file as the kernel goes it, step by step: every directory that is passed and every link that is
// followed, since who may change one of them decides what is found at the end.
import { dirname } from 'node:path';
import type { Files } from '../system/types.ts';

export type PathWalk = {
  /** Real paths, each once. */
  readonly directories: readonly string[];
  readonly links: readonly string[];
  /** The real path of the file; the last one known when the links go round in circles. */
  readonly file: string;
};

/** As many as the kernel follows (path_resolution(7)). */
const LINKS_MAX = 40;

export function walkPath(path: string, files: Files): PathWalk {
  const directories = new Set<string>();
  const links = new Set<string>();
  let at = '/';
  let followed = 0;
  // A relative path begins where pcheck stands.
  let ahead = stepsOf(path.startsWith('/') ? path : `${files.resolve('.') ?? ''}/${path}`);
  for (let step = ahead.shift(); step !== undefined; step = ahead.shift()) {
    directories.add(at);
    if (step === '..') {
      at = dirname(at);
      continue;
    }
    const next = at === '/' ? `/${step}` : `${at}/${step}`;
    const link = files.link(next);
    if (link === undefined) {
      at = next;
      continue;
    }
    links.add(next);
    followed += 1;
    if (followed > LINKS_MAX) break;
    if (link.target.startsWith('/')) at = '/';
    ahead = [...stepsOf(link.target), ...ahead];
  }
  return { directories: [...directories], links: [...links], file: at };
}

function stepsOf(path: string): string[] {
  return path.split('/').filter((step) => step !== '' && step !== '.');
}
