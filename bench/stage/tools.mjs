// The programs of bench/floor, compiled when the bench runs; and programs that answer line by line.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Name → path. Throws where there is no compiler: without the floors there is nothing to compare with. */
export function compileFloor(folder) {
  mkdirSync(folder, { recursive: true });
  const tools = {};
  for (const file of readdirSync('bench/floor')) {
    const name = file.replace(/\.c$/, '');
    tools[name] = `${folder}/${name}`;
    const words = ['-O2', '-Wall', '-Wextra', '-static', '-o', tools[name], `bench/floor/${file}`];
    const { status, error } = spawnSync('gcc', words, { stdio: 'inherit' });
    if (error !== undefined || status !== 0) throw new Error('the bench needs gcc and a static libc');
  }
  return tools;
}

export function isInstalled(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

/** A program that answers each line of its input with one of its own. */
export function lineProgram(file, words) {
  const child = spawn(file, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid,
    async ask(line) {
      child.stdin.write(`${line}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${file} has ended`);
      return value;
    },
    end: () => endChild(child, () => child.stdin.end()),
  };
}

/** Resolves when the child has ended; `how` asks it to. */
export function endChild(child, how) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once('exit', done);
    how();
  });
}
