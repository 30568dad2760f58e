// A limit on memory for a service below pcheck, so that the kernel's own OOM killer ends it: that of the unit where
// systemd can limit memory, else one by a control group of the older kind (cgroup v1), which systemd knows nothing of.
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { errorCode } from '../../src/system/errors.ts';
import { until } from '../harness/until.ts';
import { mounts } from '../machines/control-group.ts';
import { type Host, UNIT } from './host.ts';

type MemoryLimit = {
  /** How many the kernel has killed for it. */
  kills(): number;
};

export function whyNoMemoryLimit(): string | undefined {
  if (isUnified() || olderHierarchy() !== undefined) return undefined;
  return 'needs the memory controller of cgroup2, or a cgroup v1 hierarchy of it that may be written';
}

/** From now on the service may not use much more than it does. */
export function limitMemory(t: TestContext, host: Host, pid: string): MemoryLimit {
  const unitGroup = join(host.controlGroup, 'system.slice', 'system-pcheck.slice', `${UNIT}.service`);
  if (isUnified()) {
    host.shell(`systemctl set-property --runtime ${UNIT} MemoryMax=256M MemorySwapMax=0`);
    return { kills: () => killsIn(join(unitGroup, 'memory.events')) };
  }
  const group = join(olderHierarchy() ?? '', `psaver-memory-${process.pid}`);
  mkdirSync(group);
  t.after(() => until(`${group} is empty and removed`, () => isRemoved(group)));
  writeFileSync(join(group, 'memory.limit_in_bytes'), '32M');
  writeFileSync(join(group, 'memory.swappiness'), '0');
  writeFileSync(join(group, 'cgroup.procs'), pidHere(unitGroup, pid));
  return { kills: () => killsIn(join(group, 'memory.oom_control')) };
}

/** Groups below the root have the controller. */
function isUnified(): boolean {
  const root = mounts('cgroup2')[0];
  if (root === undefined) return false;
  return readFileSync(join(root, 'cgroup.subtree_control'), 'utf8').trim().split(' ').includes('memory');
}

function olderHierarchy(): string | undefined {
  const root = mounts('cgroup', 'memory')[0];
  if (root === undefined) return undefined;
  const trial = join(root, `psaver-memory-${process.pid}-trial`);
  try {
    mkdirSync(trial);
    rmdirSync(trial);
    return root;
  } catch {
    // EROFS, EACCES: not ours to use.
    return undefined;
  }
}

/** Of the processes in a group the one that has this pid on the machine. */
function pidHere(group: string, pidThere: string): string {
  const pids = readFileSync(join(group, 'cgroup.procs'), 'utf8').trim().split('\n');
  const found = pids.find((pid) => pidsOf(pid).at(-1) === pidThere);
  if (found === undefined) throw new Error(`no process ${pidThere} in ${group}`);
  return found;
}

/** In each namespace, from the outermost in. */
function pidsOf(pid: string): string[] {
  const [, line = ''] = /^NSpid:\t(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return line.split('\t');
}

function killsIn(file: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(readFileSync(file, 'utf8'))?.[1]);
}

function isRemoved(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EBUSY') return false;
    throw error;
  }
}
