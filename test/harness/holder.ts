// A shell that holds something for one test, and takes orders: what it holds is gone with it, however the test ends, since
// its standard input ends then.
import { type ChildProcess, spawn } from 'node:child_process';

export type Holder = {
  /** Tells it a line, and waits for its answer. */
  tell(line: string): Promise<void>;
  /** It ends, and clears away what it holds. */
  remove(): Promise<void>;
};

/** The script says something when it is ready, and after each line that it has read. */
export async function startHolder(script: string, ...words: readonly string[]): Promise<Holder> {
  const holder = spawn('/bin/sh', ['-c', script, 'holder', ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await saysSomething(holder);
  return {
    tell(line) {
      holder.stdin.write(`${line}\n`);
      return saysSomething(holder);
    },
    remove: () =>
      new Promise((done) => {
        holder.once('close', () => done());
        holder.stdin.end();
      }),
  };
}

function saysSomething(holder: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    holder.stdout?.once('data', () => done());
    holder.once('close', () => fail(new Error('the holder has ended')));
  });
}
