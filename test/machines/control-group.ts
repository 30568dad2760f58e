// The control group (cgroup2) that a machine's processes live in. Its systemd takes it for the root of all groups.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../src/system/errors.ts';
import { until } from '../harness/until.ts';

export type ControlGroup = {
  readonly path: string;
  /** When its last process has ended. */
  remove(): Promise<void>;
};

const PREFIX = 'psaver-machine-';
let count = 0;

export function whyNoControlGroup(): string | undefined {
  const root = mountPoint();
  if (root === undefined) return 'needs a cgroup2 file system, mounted';
  const trial = join(root, `${PREFIX}${process.pid}-trial`);
  try {
    mkdirSync(trial);
    rmdirSync(trial);
    return undefined;
  } catch (error) {
    return `needs a cgroup2 file system that may be written: ${errorCode(error)}`;
  }
}

export function makeControlGroup(): ControlGroup {
  const root = mountPoint();
  if (root === undefined) throw new Error('no cgroup2 file system is mounted');
  removeAbandoned(root);
  count += 1;
  const path = join(root, `${PREFIX}${process.pid}-${count}`);
  mkdirSync(path);
  return {
    path,
    remove: () => until(`${path} is empty and removed`, () => isRemoved(path)),
  };
}

/** Unified at /sys/fs/cgroup, or beside the older hierarchies. */
function mountPoint(): string | undefined {
  return mounts('cgroup2')[0];
}

/** Where file systems of a type are mounted, with this option. */
export function mounts(wantedType: string, wantedOption?: string): string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type, options = '']) => {
      const hasOption = wantedOption === undefined || options.split(',').includes(wantedOption);
      return type === wantedType && hasOption;
    })
    .map(([, path = '']) => path);
}

/** A test that was killed has taken its machine along, but not the empty group. */
function removeAbandoned(root: string): void {
  for (const name of readdirSync(root)) {
    const [, owner] = /^psaver-machine-(\d+)-/.exec(name) ?? [];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) isRemoved(join(root, name));
  }
}

/** False while a process is left in it or below. */
function isRemoved(path: string): boolean {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory() && !isRemoved(join(path, entry.name))) return false;
    }
    rmdirSync(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    if (errorCode(error) === 'EBUSY') return false;
    throw error;
  }
}
