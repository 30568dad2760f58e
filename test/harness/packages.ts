// What Debian's packages have put on this machine; tests install nothing by themselves.
import { accessSync, constants } from 'node:fs';

/** A reason to skip when a file is not there; from each package one that can be executed. */
export function whyMissing(fileOfPackage: Readonly<Record<string, string>>): string | undefined {
  const missing = Object.keys(fileOfPackage).filter((name) => !isExecutable(fileOfPackage[name] ?? ''));
  return missing.length === 0
    ? undefined
    : `needs: apt-get install --no-install-recommends ${missing.join(' ')}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // ENOENT: not installed.
    return false;
  }
}
