// Ends in the way that it is told, after it has run some lists, while one hangs. Run by threads.test.ts.
import { plainCalls } from '../../../../src/system/real/libc/plain-calls.ts';
import { loadLibc } from '../../../harness/libc.ts';

const { koffi, libc, calls, threads } = loadLibc();
const { pipe, exitNow } = plainCalls(koffi, libc);
const STDIN = 0;

function readFrom(descriptor: number, onEnd: () => void): void {
  const list = threads.newList(1024);
  list.add({ system: calls.read, arguments: [descriptor, list.area(8).address, 1] });
  list.seal();
  threads.run(list, onEnd);
}

function end(way: string | undefined): void {
  if (way === 'idle') return;
  // Nobody writes to the pipe.
  readFrom(way === 'waits' ? STDIN : pipe().reading, () => undefined);
  if (way === 'waits') process.stdout.write(way);
  else if (way === 'exits') process.exit(3);
  else if (way === 'exits now') exitNow(3);
  else process.kill(process.pid, 'SIGKILL');
}

let open = 3;
for (let count = 0; count < 3; count++) {
  const list = threads.newList(1024);
  list.add({ system: calls.getpid });
  list.seal();
  threads.run(list, () => {
    open -= 1;
    if (open === 0) setImmediate(end, process.argv[2]);
  });
}
