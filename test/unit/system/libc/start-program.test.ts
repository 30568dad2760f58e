// Programs as a thread starts them: what they are given, why they could not be started, and several at once.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createAddChildCalls } from '../../../../src/system/real/libc/child-calls.ts';
import {
  createProgramStarter,
  type Program,
  type ProgramStarter,
  type Start,
} from '../../../../src/system/real/libc/start-program.ts';
import { loadLibc } from '../../../harness/libc.ts';

const NO_SUCH_CALL = 9999;
const [SIG_DFL, SIG_IGN] = [0, 1];
/** SIGUSR2, and two of real time. */
const IGNORED = [12, 36, 64];
const INHERITED = { PATH: process.env['PATH'] ?? '' };

function createStarter(changes: Parameters<typeof loadLibc>[0] = {}): ProgramStarter {
  const { koffi, libc, threads, calls, closeFrom } = loadLibc(changes);
  return createProgramStarter(koffi, libc, threads, calls, createAddChildCalls(libc, calls, closeFrom));
}

const starter = createStarter();

function temporary(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'psaver-start-')));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** koffi calls back: promises go on later. */
function started(program: Program, by = starter): Promise<Start> {
  return new Promise((done) => by.start(program, (start) => setImmediate(done, start)));
}

async function reaped(pid: number, by = starter): Promise<number | 'unknown'> {
  for (;;) {
    const status = by.reap(pid);
    if (status !== undefined) return status;
    await new Promise((next) => setImmediate(next));
  }
}

type Given = Partial<Omit<Program, 'inherited'>>;

/** What it writes to its standard output and error; or the error. */
async function outputOf(t: TestContext, given: Given, by = starter): Promise<string> {
  const file = join(temporary(t), 'output');
  const output = openSync(file, 'a');
  try {
    const start = await started(
      {
        path: '/bin/sh',
        arguments: [],
        environment: {},
        inherited: INHERITED,
        stdout: output,
        stderr: output,
        ...given,
      },
      by,
    );
    if ('error' in start) return start.error;
    await reaped(start.pid, by);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(output);
  }
}

const shell = (words: string, ...more: string[]): Given => ({
  path: '/bin/sh',
  arguments: ['-c', words, ...more],
});

test('words reach it as they are, whatever is in them, and however many', async (t) => {
  const odd = ['', ' ', 'a b', '"$x"', "'", '\\', '\n', 'früh', '日本', '\x7f\x01', '-n'];
  const many = Array.from({ length: 3000 }, (_, index) => `word ${index}`);
  for (const words of [odd, [], many]) {
    const text = await outputOf(t, shell('for w; do printf "%s\\0" "$w"; done', 'name', ...words));
    assert.deepEqual(text.split('\0').slice(0, -1), words);
  }
});

test('it has the variables that it is given, after those that all have, and no other', async (t) => {
  const text = await outputOf(t, {
    path: '/usr/bin/env',
    environment: { ONE: 'a b=c\nd', EMPTY: '', UML: 'ü' },
  });
  assert.equal(text, `PATH=${INHERITED.PATH}\nONE=a b=c\nd\nEMPTY=\nUML=ü\n`);
  assert.equal(await outputOf(t, { path: '/usr/bin/env' }), `PATH=${INHERITED.PATH}\n`);
});

test('it is the leader of a session of its own', async (t) => {
  const text = await outputOf(t, shell('cut -d" " -f1,5,6,7 /proc/$$/stat'));
  const [, pid = ''] = /^(\d+) /.exec(text) ?? [];
  assert.equal(text, `${pid} ${pid} ${pid} 0\n`);
});

test('its directory is the root, or that of a descriptor, though that has another name by now', async (t) => {
  const folder = temporary(t);
  mkdirSync(join(folder, 'one'));
  const directory = openSync(join(folder, 'one'), 'r');
  t.after(() => closeSync(directory));
  assert.equal(await outputOf(t, shell('pwd -P')), '/\n');
  assert.equal(await outputOf(t, { ...shell('pwd -P'), directory }), `${folder}/one\n`);
  execFileSync('mv', [join(folder, 'one'), join(folder, 'two')]);
  assert.equal(await outputOf(t, { ...shell('pwd -P'), directory }), `${folder}/two\n`);
});

for (const [kernel, by] of [
  ['one that closes ranges of descriptors', starter],
  ['one that does not', createStarter({ closeRange: NO_SUCH_CALL })],
] as const) {
  test(`it has its three descriptors and no other: with a kernel that is ${kernel}`, async (t) => {
    // Some that nobody closes at an exec.
    const file = join(temporary(t), 'file');
    writeFileSync(file, 'line\n');
    const stdin = openSync(file, 'r');
    t.after(() => closeSync(stdin));
    const words = 'read line; echo "$line"; ls /proc/$$/fd';
    assert.equal(await outputOf(t, { ...shell(words), stdin }, by), 'line\n0\n1\n2\n');
    assert.equal(
      await outputOf(t, shell('readlink /proc/$$/fd/0; ls /proc/$$/fd'), by),
      '/dev/null\n0\n1\n2\n',
    );
  });
}

test('descriptors that a child gives to its own may be handed on', async (t) => {
  // 0, 1 and 2 of this process are each something else.
  const links = [0, 1, 2].map((number) =>
    execFileSync('readlink', [`/proc/${process.pid}/fd/${number}`], { encoding: 'utf8' }),
  );
  const words = 'out=$(readlink /proc/$$/fd/1); in=$(readlink /proc/$$/fd/0); printf "$out\\n$in\\n" >&2';
  const file = join(temporary(t), 'output');
  const stderr = openSync(file, 'a');
  t.after(() => closeSync(stderr));
  const program = {
    environment: {},
    inherited: INHERITED,
    path: '/bin/sh',
    arguments: ['-c', words],
    stderr,
  };
  const start = await started({ ...program, stdin: 2, stdout: 0 });
  assert.ok('pid' in start);
  await reaped(start.pid);
  assert.equal(readFileSync(file, 'utf8'), `${links[0]}${links[2]}`);
  const same = await started({ ...program, stdin: 0, stdout: 1 });
  assert.ok('pid' in same);
  await reaped(same.pid);
  assert.equal(readFileSync(file, 'utf8'), `${links[0]}${links[2]}${links[1]}${links[0]}`);
});

// A shell may block signals itself while it waits for a program, so grep takes its place.
test('no signal is ignored or blocked, though we ignore some, of real time too', async (t) => {
  const signal = loadLibc().libc.func('uint64_t signal(int, uint64_t)');
  for (const number of IGNORED) signal(number, SIG_IGN);
  t.after(() => {
    for (const number of IGNORED) signal(number, SIG_DFL);
  });
  const text = await outputOf(t, shell('exec grep -E "^Sig(Blk|Ign)" /proc/self/status'));
  assert.equal(text, 'SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n');
});

test('two that are started at once each have their own limits, and ours stay', async (t) => {
  const own = readFileSync('/proc/self/limits', 'latin1');
  const some = await Promise.all(
    [100, 101, 102, undefined].map((openFiles) =>
      outputOf(t, { ...shell('ulimit -S -n'), limits: openFiles === undefined ? undefined : { openFiles } }),
    ),
  );
  assert.deepEqual(some.slice(0, 3), ['100\n', '101\n', '102\n']);
  const [, soft] = /^Max open files\s+(\d+)/m.exec(own) ?? [];
  assert.equal(some[3], `${soft}\n`);
  assert.equal(readFileSync('/proc/self/limits', 'latin1'), own);
});

for (const openFiles of [-1, 2 ** 40]) {
  test(`a limit of ${openFiles} open files, above the hard one, is the hard one`, async (t) => {
    const text = await outputOf(t, { ...shell('ulimit -S -n; ulimit -H -n'), limits: { openFiles } });
    const [soft, hard] = text.split('\n');
    assert.equal(soft, hard);
  });
}

test('what cannot be started is an error by its name, and leaves no zombie', async (t) => {
  const folder = temporary(t);
  const plain = join(folder, 'plain');
  writeFileSync(plain, '');
  writeFileSync(join(folder, 'bad'), '#!/nowhere/at/all\n', { mode: 0o755 });
  assert.equal(await outputOf(t, { path: join(folder, 'missing') }), 'ENOENT');
  assert.equal(await outputOf(t, { path: join(folder, 'bad') }), 'ENOENT');
  assert.equal(await outputOf(t, { path: plain }), 'EACCES');
  assert.equal(await outputOf(t, { path: folder }), 'EACCES');
  assert.equal(await outputOf(t, { path: join(plain, 'below') }), 'ENOTDIR');
  assert.equal(await outputOf(t, { path: '/bin/true', arguments: ['x'.repeat(200_000)] }), 'E2BIG');
  assert.equal(await outputOf(t, { stdout: 9999 }), 'EBADF');
  const zombies = () =>
    readFileSync(`/proc/self/task/${process.pid}/children`, 'latin1')
      .split(' ')
      .filter((pid) => pid !== '');
  while (zombies().length > 0) await new Promise((next) => setImmediate(next));
});

test('a script without an interpreter is the shell’s, with its words; an empty one too', async (t) => {
  const script = join(temporary(t), 'script');
  writeFileSync(script, 'echo "$0" "$@"');
  chmodSync(script, 0o755);
  assert.equal(
    await outputOf(t, { path: script, arguments: ['one', 'two three'] }),
    `${script} one two three\n`,
  );
  writeFileSync(script, '');
  assert.equal(await outputOf(t, { path: script }), '');
});

test('a hundred at once are all started, and each is told its own pid, also after its end', async (t) => {
  const output = openSync('/dev/null', 'a');
  t.after(() => closeSync(output));
  const program = {
    path: '/bin/true',
    arguments: [],
    environment: {},
    inherited: INHERITED,
    stdout: output,
    stderr: output,
  };
  const starts = await Promise.all(
    Array.from(
      { length: 100 },
      () =>
        new Promise<{ start: Start; inProgress: { pid(): number } }>((done) => {
          const inProgress = starter.start(program, (start) => setImmediate(done, { start, inProgress }));
        }),
    ),
  );
  const pids = starts.map(({ start }) => ('pid' in start ? start.pid : assert.fail(start.error)));
  assert.equal(new Set(pids).size, 100);
  assert.deepEqual(
    starts.map(({ inProgress }) => inProgress.pid()),
    pids,
  );
  assert.deepEqual(new Set(await Promise.all(pids.map((pid) => reaped(pid)))), new Set([0]));
  assert.deepEqual(new Set(pids.map((pid) => starter.reap(pid))), new Set(['unknown']));
});

test('what was given up at once starts nothing, and is told once', async (t) => {
  const file = join(temporary(t), 'begun');
  const output = openSync('/dev/null', 'a');
  t.after(() => closeSync(output));
  const program = { environment: {}, inherited: INHERITED, stdout: output, stderr: output };
  for (let round = 0; round < 20; round++) {
    const told: Start[] = [];
    await new Promise<void>((done) => {
      const inProgress = starter.start({ ...program, path: '/usr/bin/touch', arguments: [file] }, (start) => {
        told.push(start);
        setImmediate(done);
      });
      inProgress.giveUp();
      inProgress.giveUp();
    });
    for (const start of told) if ('pid' in start) await reaped(start.pid);
    assert.equal(told.length, 1);
  }
  assert.throws(() => readFileSync(file), /ENOENT/);
});

test('where no thread can be had the error is told, later', async (t) => {
  const { koffi, libc, threads, calls, closeFrom } = loadLibc();
  const none = { ...threads, run: () => 'EAGAIN' };
  assert.equal(
    await outputOf(
      t,
      {},
      createProgramStarter(koffi, libc, none, calls, createAddChildCalls(libc, calls, closeFrom)),
    ),
    'EAGAIN',
  );
});
