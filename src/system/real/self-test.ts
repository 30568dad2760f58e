// Whether ends of processes are really told here: asked with a child of our own, since a kernel, a sandbox or a
// Node may have every call and still never call back.
import { spawn } from 'node:child_process';
import type { Exits } from '../types.ts';

const PATIENCE_MILLISECONDS = 1000;

/** Undefined when its end was told; else the reason to find deaths by looking. Never rejects. */
export async function testExits(exits: Pick<Exits, 'watch'>): Promise<string | undefined> {
  const child = spawn('/bin/sh', ['-c', 'read line'], { stdio: ['pipe', 'ignore', 'ignore'] });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string | undefined>((resolve) => {
      child.on('error', ({ message }) => resolve(message));
      timer = setTimeout(() => resolve('the end of a child was not told in time'), PATIENCE_MILLISECONDS);
      if (child.pid === undefined) return;
      const watch = exits.watch(child.pid, () => resolve(undefined));
      if ('error' in watch) resolve(`pidfd_open: ${watch.error}`);
      child.stdin.on('error', () => undefined).end();
    });
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}
