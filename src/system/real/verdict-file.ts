// The verdict on tmpfs, in a directory that everybody may read and only its owner may write, and a link to it
// beside the dump file: a write never waits for the disk of the dump, which may be stuck. Nothing of it throws.
import { lstatSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../errors.ts';
import { nextOf, replaceFile } from './replace-file.ts';
import { makePublicDirectory } from './runtime-directory.ts';

export type VerdictFile = {
  readonly path: string;
  readonly link: string;
  /** Replaces it as a whole; undefined, or the error. */
  write(text: string): string | undefined;
  /** Undefined, or the error. May wait for the link's disk, unless the link is there already. */
  makeLink(): string | undefined;
};

const EVERYBODY_READS = 0o644;

export function createVerdictFile(path: string, link: string): VerdictFile {
  return {
    path,
    link,
    write: (text) =>
      errorOf(() => {
        // It may have been cleared away.
        makePublicDirectory(dirname(path));
        replaceFile(path, text, EVERYBODY_READS);
      }),
    makeLink: () => errorOf(() => replaceLink(path, link)),
  };
}

function replaceLink(target: string, link: string): void {
  const isLink = lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (isLink && readlinkSync(link) === target) return;
  const next = nextOf(link);
  rmSync(next, { force: true });
  symlinkSync(target, next);
  renameSync(next, link);
}

function errorOf(task: () => void): string | undefined {
  try {
    task();
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}
