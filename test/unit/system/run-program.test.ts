// What a program is given that is started in a thread: a session, the root directory, its descriptors, default signals,
// ordinary limits; how its end is told; and that a start which was given up starts nothing.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadKernel } from '../../../src/system/real/kernel.ts';
import { createAddChildCalls, type OwnLimits } from '../../../src/system/real/libc/child-calls.ts';
import { createCloseFrom } from '../../../src/system/real/libc/close-from.ts';
import { loadMachineCode } from '../../../src/system/real/libc/machine-code.ts';
import { createAddSetBack } from '../../../src/system/real/libc/set-back-priority.ts';
import { createProgramStarter, type ProgramStarter } from '../../../src/system/real/libc/start-program.ts';
import { systemCalls } from '../../../src/system/real/libc/system-calls.ts';
import { createRunProgram, type RunProgram } from '../../../src/system/real/scripts/run-program.ts';
import type { ScriptEnd } from '../../../src/system/types.ts';

const kernel = await loadKernel();

/** Nice value, scheduling policy, OOM score, I/O priority. */
const SAYS_PRIORITY = 'cut -d" " -f19,41 /proc/$$/stat; cat /proc/$$/oom_score_adj; ionice -p $$';
const ownLimits = process.env['PSAVER_TEST_LIMITS'];
if (ownLimits !== undefined) await sayPriority(JSON.parse(ownLimits));

const exits = kernel.openExits();
after(() => exits.close());
const runTold = createRunProgram(kernel.programs, exits);
const runUntold = createRunProgram(kernel.programs, undefined);

type Ran = { readonly text: string; readonly end: ScriptEnd; readonly pid: number };

/** What the shell says that runs these words, and how it ended. */
async function run(
  t: TestContext,
  words: string,
  changes: {
    readonly path?: string;
    readonly limits?: OwnLimits;
    readonly isTold?: boolean;
    readonly programs?: ProgramStarter;
  } = {},
): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'psaver-run-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const output = openSync(join(folder, 'output'), 'a');
  const { programs, isTold = programs === undefined } = changes;
  const runProgram: RunProgram =
    programs !== undefined ? createRunProgram(programs, undefined) : isTold ? runTold : runUntold;
  let pid = 0;
  try {
    const end = await endOf((ended) => {
      const program = {
        path: '/bin/sh',
        arguments: ['-c', words],
        environment: { GIVEN: 'a b=c' },
        inherited: { PATH: process.env['PATH'] ?? '' },
        stdout: output,
        stderr: output,
        ...changes,
      };
      runProgram(program, {
        started(of) {
          pid = of;
        },
        ended,
      });
    });
    return { text: readFileSync(join(folder, 'output'), 'utf8'), end, pid };
  } finally {
    closeSync(output);
  }
}

test('it runs in a session of its own, in the root directory, with the environment that it is given and no other', async (t) => {
  const { text, end, pid } = await run(t, 'cut -d" " -f1,5,6 /proc/$$/stat; pwd; echo "$GIVEN $HOME"');
  assert.equal(text, `${pid} ${pid} ${pid}\n/\na b=c \n`);
  assert.deepEqual(end, { kind: 'exited', status: 0 });
});

test('it has its three descriptors and no other', async (t) => {
  kernel.keepDescriptorsFromChildren();
  const { text } = await run(t, 'ls /proc/$$/fd; readlink /proc/$$/fd/0');
  assert.equal(text, '0\n1\n2\n/dev/null\n');
});

// A shell may block signals itself while it waits for a program, so grep takes its place.
test('no signal is ignored or blocked, though Node ignores SIGPIPE', async (t) => {
  const { text } = await run(t, 'exec grep -E "^Sig(Blk|Ign)" /proc/self/status');
  assert.equal(text, 'SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n');
});

test('it has the limit of open files that it is given; our own stays', async (t) => {
  const own = readFileSync('/proc/self/limits', 'latin1');
  const { text } = await run(t, 'ulimit -S -n', { limits: { openFiles: 123 } });
  assert.equal(text, '123\n');
  assert.equal(readFileSync('/proc/self/limits', 'latin1'), own);
});

for (const [words, expected] of [
  ['exit 3', { kind: 'exited', status: 3 }],
  ['kill -KILL $$', { kind: 'signalled', signal: 'SIGKILL' }],
  ['kill -TERM $$', { kind: 'signalled', signal: 'SIGTERM' }],
] as const) {
  for (const isTold of [true, false]) {
    test(`of the end by “${words}” is told what it was, ${isTold ? 'by a pidfd' : 'by SIGCHLD alone'}`, async (t) => {
      assert.deepEqual((await run(t, words, { isTold })).end, expected);
    });
  }
}

test('what cannot be started is an error by its name', async (t) => {
  assert.deepEqual((await run(t, '', { path: '/nowhere/at/all' })).end, {
    kind: 'unspawnable',
    error: 'ENOENT',
  });
  assert.deepEqual((await run(t, '', { path: '/etc/passwd' })).end, { kind: 'unspawnable', error: 'EACCES' });
});

/** SIGCHLD alone keeps no loop going. */
async function endOf(start: (ended: (end: ScriptEnd) => void) => void): Promise<ScriptEnd> {
  const awake = setInterval(() => undefined, 1000);
  try {
    return await new Promise<ScriptEnd>(start);
  } finally {
    clearInterval(awake);
  }
}

/** In a process of its own: its threads have its priority from their beginning. */
async function sayPriority(limits: OwnLimits): Promise<never> {
  const inherited = { PATH: process.env['PATH'] ?? '' };
  const program = { path: '/bin/sh', arguments: ['-c', SAYS_PRIORITY], environment: {}, inherited };
  const stdout = kernel.duplicate(1);
  await endOf((ended) => {
    createRunProgram(kernel.programs, undefined)({ ...program, stdout, stderr: stdout, limits }, { ended });
  });
  process.exit();
}

/** What a program says of its priority that a pcheck starts which was started behind these words itself. */
function priorityBehind(words: readonly string[], limits: OwnLimits): string[] {
  const [command = '', ...rest] = [...words, process.execPath, fileURLToPath(import.meta.url)];
  const env = { ...process.env, PSAVER_TEST_LIMITS: JSON.stringify(limits) };
  return execFileSync(command, rest, { encoding: 'utf8', env }).trimEnd().split('\n');
}

const RAISED = ['chrt', '-r', '10', 'ionice', '-c', '1', '-n', '0', 'nice', '-n', '-5'];

test('what raises pcheck above others is set back, and nothing of it stays where that is not asked for', () => {
  assert.deepEqual(priorityBehind(RAISED, {}), ['-5 2', '0', 'realtime: prio 0']);
  const [niceAndPolicy, , io = ''] = priorityBehind(RAISED, { priority: 'ordinary' });
  assert.equal(niceAndPolicy, '0 0');
  assert.doesNotMatch(io, /realtime/);
});

test('a lower priority and a positive OOM score stay', () => {
  const lowered = ['chrt', '-b', '0', 'ionice', '-c', '3', 'nice', '-n', '5'];
  const behind = ['sh', '-c', 'echo 300 >/proc/self/oom_score_adj; exec "$0" "$@"', ...lowered];
  assert.deepEqual(priorityBehind(behind, { priority: 'ordinary' }), ['5 3', '300', 'idle']);
});

test('a negative OOM score is set back', async (t) => {
  // To have one takes a privilege that a container lacks: a file stands in for it.
  const folder = mkdtempSync(join(tmpdir(), 'psaver-oom-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'oom_score_adj');
  const koffi = await import('koffi');
  const libc = koffi.load(null);
  const calls = systemCalls();
  const closeFrom = createCloseFrom(libc, loadMachineCode(libc), calls);
  const addChildCalls = createAddChildCalls(libc, calls, closeFrom, createAddSetBack(libc, calls, path));
  const programs = createProgramStarter(koffi, libc, kernel.threads, calls, addChildCalls);
  for (const [before, after] of [
    ['-500\n', '-500\n0'],
    ['300\n', '300\n'],
  ] as const) {
    writeFileSync(path, before);
    await run(t, 'true', { programs, limits: { priority: 'ordinary' } });
    assert.equal(readFileSync(path, 'utf8'), after);
  }
});

test('a start that was given up starts nothing, and its end is told', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'psaver-give-up-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const mark = join(folder, 'mark');
  const devNull = openSync('/dev/null', 'r+');
  t.after(() => closeSync(devNull));
  let started = 0;
  const end = await endOf((ended) => {
    const start = runUntold(
      {
        path: '/bin/sh',
        arguments: ['-c', `sleep 0.05; echo >${mark}`],
        environment: {},
        inherited: { PATH: process.env['PATH'] ?? '' },
        stdout: devNull,
        stderr: devNull,
      },
      {
        started() {
          started += 1;
        },
        ended,
      },
    );
    start.giveUp();
  });
  assert.ok(end.kind === 'unspawnable' || end.kind === 'signalled', JSON.stringify(end));
  assert.ok(started <= 1);
  assert.equal(existsSync(mark), false);
});
