// Holds a lock, starts a program or looks at a file, and ends in the way that it is told, line by line on its standard
// input; what happens it tells on its standard output. Run by hanging-calls.test.ts.
import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { loadKernel } from '../../src/system/real/kernel.ts';
import type { StartInProgress } from '../../src/system/real/libc/start-program.ts';

const [, , lockFile = ''] = process.argv;
const kernel = await loadKernel();
const output = openSync('/dev/null', 'a');
const starts: StartInProgress[] = [];

function say(...words: readonly unknown[]): void {
  process.stdout.write(`${words.join(' ')}\n`);
}

function start(path: string): void {
  const program = { path, arguments: [], environment: {}, inherited: {}, stdout: output, stderr: output };
  const inProgress = kernel.programs.start(program, (told) => say('told', JSON.stringify(told)));
  starts.push(inProgress);
  function sayPid(): void {
    if (inProgress.pid() > 0) say('pid', inProgress.pid());
    else setImmediate(sayPid);
  }
  sayPid();
}

const orders: Readonly<Record<string, (path: string) => void>> = {
  lock: () => say('lock', kernel.tryLock(openSync(lockFile, 'a'))),
  start,
  'give-up': () => {
    for (const each of starts) each.giveUp();
  },
  look: (path) => kernel.fileCalls.readRegular(path, 100, true, () => say('seen')),
  exit: () => process.exit(0),
  'exit-now': () => kernel.exitNow(0),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [order = '', path = ''] = line.split(' ');
  orders[order]?.(path);
}
