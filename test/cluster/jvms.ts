// Every Tomcat of both nodes with its start and its end, and whether two have ever run at once. That is told by
// locks of the kernel (node/java), which leave no gap between two looks.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestContext } from 'node:test';

export type Jvm = {
  readonly node: string;
  /** Milliseconds of the wall clock. */
  readonly startedAt: number;
  /** Undefined while it runs; the process that writes it down hears of the end a little later. */
  readonly endedAt: number | undefined;
  /** Another one held the lock that is the same for all when it was started. */
  readonly isDouble: boolean;
};

export type Jvms = {
  /** In the order of their starts. */
  all(): readonly Jvm[];
  /** The last that was started. */
  last(): Jvm;
};

export function recordJvms(t: Pick<TestContext, 'after'>, folder: string): Jvms {
  mkdirSync(folder);
  // Tomcat's own user writes there.
  chmodSync(folder, 0o1777);
  const words = ['--pdeathsig=KILL', '--', 'sh', resolve('test/cluster/record-ends.sh'), folder];
  const recorder = spawn('setpriv', words, { stdio: ['ignore', 'ignore', 'inherit'] });
  t.after(() => void recorder.kill('SIGKILL'));
  const all = () => {
    const starts = readdirSync(folder).filter((name) => name.endsWith('.life.start'));
    return starts.map((name) => read(join(folder, name))).sort((a, b) => a.startedAt - b.startedAt);
  };
  return {
    all,
    last() {
      const last = all().at(-1);
      if (last === undefined) throw new Error('no Tomcat was ever started');
      return last;
    },
  };
}

function read(file: string): Jvm {
  const [event, node = '', started] = readFileSync(file, 'utf8').trim().split(' ');
  const end = file.replace(/\.start$/, '.end');
  const ended = existsSync(end) ? readFileSync(end, 'utf8').trim() : '';
  return {
    node,
    startedAt: Number(started) * 1000,
    endedAt: ended === '' ? undefined : Number(ended) * 1000,
    isDouble: event === 'double',
  };
}
