// The programs of bench/floor, compiled when the bench runs; and programs that answer line by line.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { PATIENCE_SECONDS, within } from './waiting.mjs';

const SOURCES = resolve(import.meta.dirname, '../floor');
const END_SECONDS = 10;

/** Throws where there is no compiler: without the floors there is nothing to compare with. */
export function compileFloor(folder) {
  mkdirSync(folder, { recursive: true });
  const tools = toolsIn(folder);
  for (const [name, path] of Object.entries(tools)) {
    const words = ['-O2', '-Wall', '-Wextra', '-static', '-o', path, `${SOURCES}/${name}.c`];
    const { status, error } = spawnSync('gcc', words, { stdio: 'inherit' });
    if (error !== undefined || status !== 0) throw new Error('the bench needs gcc and a static libc');
  }
  return tools;
}

/** Name → path. */
export function toolsIn(folder) {
  const names = readdirSync(SOURCES).filter((file) => file.endsWith('.c'));
  return Object.fromEntries(names.map((file) => [basename(file, '.c'), `${folder}/${basename(file, '.c')}`]));
}

export function isInstalled(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

/** A program that answers each line of its input with one of its own. */
export function lineProgram(file, words) {
  const child = startChild(file, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  // EPIPE: it has ended, which `ask` says.
  child.stdin.on('error', () => undefined);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid,
    async ask(line) {
      const what = `${basename(file)}, asked ${line.slice(0, 40)},`;
      child.stdin.write(`${line}\n`);
      const answer = await within(answers.next(), PATIENCE_SECONDS);
      if (answer === undefined) throw new Error(`${what} did not answer in ${PATIENCE_SECONDS} s`);
      if (answer.done) throw new Error(`${what} has ended`);
      return answer.value;
    },
    end: () => endChild(child, () => child.stdin.end()),
  };
}

export function startChild(file, words, options) {
  const child = spawn(file, words, options);
  child.on('error', (error) => console.error(`${file}: ${error.message}`));
  return child;
}

/** Resolves when the child has ended; `how` asks it to, SIGKILL follows. Throws when that does not end it. */
export async function endChild(child, how) {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  how();
  if ((await within(ended, END_SECONDS)) !== undefined) return;
  child.kill('SIGKILL');
  if ((await within(ended, END_SECONDS)) !== undefined) return;
  throw new Error(`not even SIGKILL ends ${basename(child.spawnfile)} (pid ${child.pid})`);
}

/** One that could not be started has no pid. */
export function hasEnded({ pid, exitCode, signalCode }) {
  return pid === undefined || exitCode !== null || signalCode !== null;
}
