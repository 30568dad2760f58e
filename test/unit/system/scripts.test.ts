// Scripts that are started for real: what takes their output, also when that is closed or changed meanwhile, and what a
// script gets of the limit of open files.
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { loadKernel } from '../../../src/system/real/kernel.ts';
import { createRunProgram } from '../../../src/system/real/scripts/run-program.ts';
import { createRealScripts } from '../../../src/system/real/scripts.ts';
import type { ScriptEnd, ScriptStart } from '../../../src/system/types.ts';

const kernel = await loadKernel();
const exits = kernel.openExits();
after(() => exits.close());
const runProgram = createRunProgram(kernel.programs, exits);

/** A file in a folder of its own, and a descriptor of it. */
function outputOf(t: TestContext): { readonly file: string; readonly descriptor: number } {
  const folder = mkdtempSync(join(tmpdir(), 'psaver-scripts-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'output');
  return { file, descriptor: openSync(file, 'a') };
}

type Begun = {
  readonly start: ScriptStart;
  readonly end: Promise<ScriptEnd>;
  pid(): number;
  outputError(): string | undefined;
};

const scriptsOf = (output: number | { readonly error: string }, openFilesLimit?: string) =>
  createRealScripts({ use: (_, take) => take(output, true) }, runProgram, kernel, openFilesLimit);

function begin(scripts: ReturnType<typeof scriptsOf>, words: string): Begun {
  let pid = 0;
  let outputError: string | undefined;
  let ended: (end: ScriptEnd) => void = () => undefined;
  const end = new Promise<ScriptEnd>((resolve) => {
    ended = resolve;
  });
  const command = {
    path: '/bin/sh',
    arguments: ['-c', words],
    environment: { GIVEN: 'yes' },
    inherited: { PATH: process.env['PATH'] ?? '' },
    outputFile: '/some/where',
  };
  const start = scripts.start(command, {
    started(of) {
      pid = of;
    },
    outputLost(error) {
      outputError = error;
    },
    ended,
  });
  return { start, end, pid: () => pid, outputError: () => outputError };
}

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

test('a script writes to the file that was its output when it was started, though that is closed at once', async (t) => {
  const { file, descriptor } = outputOf(t);
  const { end, start, pid, outputError } = begin(scriptsOf(descriptor), 'echo $GIVEN; echo $$ >&2');
  closeSync(descriptor);
  const other = outputOf(t);
  assert.deepEqual(await end, { kind: 'exited', status: 0 });
  assert.equal(readFileSync(file, 'utf8'), `yes\n${pid()}\n`);
  assert.equal(readFileSync(other.file, 'utf8'), '');
  assert.equal(start.pid(), pid());
  assert.equal(outputError(), undefined);
  closeSync(other.descriptor);
});

test('without an output file it runs all the same, and the reason is told', async () => {
  const { end, outputError } = begin(scriptsOf({ error: 'ENOSPC' }), 'echo text || exit 3');
  assert.equal(outputError(), 'ENOSPC');
  assert.deepEqual(await end, { kind: 'exited', status: 0 });
});

test('no descriptor is left of many starts, whatever became of them', async (t) => {
  const { descriptor } = outputOf(t);
  t.after(() => closeSync(descriptor));
  const scripts = scriptsOf(descriptor);
  const before = openDescriptors();
  for (let round = 0; round < 20; round++) {
    const { end, start } = begin(scripts, 'exit 0');
    if (round % 2 === 0) start.giveUp();
    await end;
  }
  // A descriptor is closed by a thread, which has been told to by then.
  while (kernel.threads.count() > 0) await new Promise(setImmediate);
  assert.ok(openDescriptors() <= before + 2, `${before} before, ${openDescriptors()} after`);
});

for (const [limit, expected] of [
  ['123', '123'],
  ['unlimited', undefined],
  ['rubbish', undefined],
] as const) {
  test(`PSAVER_NOFILE ${limit} gives a script ${expected ?? 'what pcheck has'}`, async (t) => {
    const { file, descriptor } = outputOf(t);
    await begin(scriptsOf(descriptor, limit), 'ulimit -S -n').end;
    closeSync(descriptor);
    const own = /^Max open files +(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    assert.equal(readFileSync(file, 'utf8').trim(), expected ?? own);
  });
}
