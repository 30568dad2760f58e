// The output files of scripts on a real disk: what is opened, how they are cut under those who write to them,
// what can be read of them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type Cut, createCut } from '../../../src/system/real/cut.ts';
import type { OutputFileCalls } from '../../../src/system/real/output-file.ts';
import { createOpenFiles } from '../../../src/system/real/outputs/open-files.ts';
import { createOutputOpener, type OutputOpener } from '../../../src/system/real/outputs/open-outputs.ts';
import { createOutputCalls } from '../../../src/system/real/outputs/output-calls.ts';
import { createRealOutputs, type RealOutputs } from '../../../src/system/real/outputs.ts';
import { ownUid } from '../../../src/system/real/runtime-directory.ts';
import type { OutputPlace, OutputProblem } from '../../../src/system/types.ts';
import { answerOf, dumpFolder, folderCalls, folderOf, kernel, runShell } from '../../harness/real-kernel.ts';

const MIB = 1024 * 1024;
const calls = createOutputCalls(kernel);
const cutInPlace = createCut(runShell);

type Special = {
  readonly cut?: Cut;
  readonly kernel?: Partial<OutputFileCalls>;
  /** How its files are opened. */
  readonly opener?: (real: OutputOpener) => OutputOpener;
  readonly letGo?: (descriptor: number) => void;
};

/** Outputs in this folder, whose files are closed when the test ends. */
function outputsOf(t: TestContext, folder: string, special: Special = {}): RealOutputs {
  const asked = { ...calls, ...folderCalls };
  const real = createOutputOpener(dumpFolder(folder), asked, runShell, ownUid());
  const own = { ...kernel, ...special.kernel };
  const opener = special.opener?.(real) ?? real;
  const files = createOpenFiles(own, opener, calls, special.letGo ?? closeSync);
  const outputs = createRealOutputs(own, files, calls, special.cut ?? cutInPlace, 256);
  t.after(() => keep(outputs, []));
  return outputs;
}

function keep(outputs: RealOutputs, files: readonly string[]): Promise<readonly OutputProblem[]> {
  return answerOf((onKept) => outputs.keep(files, onKept));
}

function tail(outputs: RealOutputs, file: string, from: OutputPlace, to?: OutputPlace): Promise<string> {
  return answerOf((onText) => outputs.tail(file, from, to, onText));
}

const BEGIN = { at: 0 };

function descriptorOf(outputs: RealOutputs, file: string): number {
  const descriptor = outputs.descriptor(file);
  assert.ok(typeof descriptor === 'number', 'it is open');
  return descriptor;
}

/** How many descriptors are open for files of this folder. */
function openIn(folder: string): number {
  return readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(`${folder}/`);
    } catch {
      // The one of this reading.
      return false;
    }
  }).length;
}

describe('opening', () => {
  test('a file is made before it is needed, for its owner only, and appended to', async (t) => {
    const folder = folderOf(t);
    const [file, outputs] = [join(folder, 'x.out'), outputsOf(t, folder)];
    assert.deepEqual(await keep(outputs, [file]), []);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    writeSync(descriptorOf(outputs, file), 'one\n');
    appendFileSync(file, 'two\n');
    writeSync(descriptorOf(outputs, file), 'three\n');
    assert.equal(readFileSync(file, 'utf8'), 'one\ntwo\nthree\n');
  });

  test('what is no regular file is refused and never waited for', async (t) => {
    const folder = folderOf(t);
    const outputs = outputsOf(t, folder);
    const path = (name: string) => join(folder, name);
    execFileSync('mkfifo', [path('fifo')]);
    writeFileSync(path('target'), '');
    symlinkSync(path('target'), path('link'));
    symlinkSync(path('nowhere'), path('dangling'));
    mkdirSync(path('directory'));
    const files = ['fifo', 'link', 'dangling', 'directory'].map(path);
    assert.deepEqual(
      (await keep(outputs, files)).map(({ is, error }) => `${is}: ${error}`),
      [
        'lost: not a regular file (ENXIO)',
        'lost: not a regular file (ELOOP)',
        'lost: not a regular file (ELOOP)',
        'lost: not a regular file (EISDIR)',
      ],
    );
    assert.deepEqual(outputs.descriptor(path('link')), { error: 'not a regular file (ELOOP)' });
    assert.equal(outputs.place(path('fifo')).at, undefined);
    assert.equal(await tail(outputs, path('fifo'), BEGIN), '');
    assert.ok(!readdirSync(folder).includes('nowhere'));
  });

  test('a FIFO that somebody reads is refused too', async (t) => {
    const folder = folderOf(t);
    const [fifo, outputs] = [join(folder, 'fifo'), outputsOf(t, folder)];
    execFileSync('mkfifo', [fifo]);
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    t.after(() => closeSync(reader));
    assert.deepEqual(await keep(outputs, [fifo]), [{ file: fifo, is: 'lost', error: 'not a regular file' }]);
  });

  test('what could not be opened is tried again', async (t) => {
    const folder = join(folderOf(t), 'later');
    const [file, outputs] = [join(folder, 'x.out'), outputsOf(t, folder)];
    assert.deepEqual(await keep(outputs, [file]), [{ file, is: 'folder', error: `${folder}: ENOENT` }]);
    mkdirSync(folder);
    const lost = { error: `${folder}: ENOENT` };
    const { error } = await answerOf<{ error?: string }>((take) =>
      outputs.use(file, (output) => take(typeof output === 'number' ? {} : output)),
    );
    assert.equal(error, lost.error, 'not when a script is due');
    assert.deepEqual(await keep(outputs, [file]), []);
    assert.equal(typeof outputs.descriptor(file), 'number');
  });

  test('a file that was removed or renamed is made anew, one that was not stays open', async (t) => {
    const folder = folderOf(t);
    const released: number[] = [];
    const outputs = outputsOf(t, folder, {
      letGo(descriptor) {
        released.push(descriptor);
        closeSync(descriptor);
      },
    });
    const [removed, renamed, stays] = ['removed', 'renamed', 'stays'].map((name) => join(folder, name));
    assert.ok(removed !== undefined && renamed !== undefined && stays !== undefined);
    const files = [removed, renamed, stays];
    await keep(outputs, files);
    for (const file of files) writeSync(descriptorOf(outputs, file), 'old');
    rmSync(removed);
    renameSync(renamed, `${renamed}.1`);
    await keep(outputs, files);
    assert.equal(released.length, 2);
    for (const file of files) writeSync(descriptorOf(outputs, file), 'new');
    assert.deepEqual(
      files.map((file) => readFileSync(file, 'utf8')),
      ['new', 'new', 'oldnew'],
    );
    assert.equal(openIn(folder), 3);
  });

  test('a file whose entry has gone is closed', async (t) => {
    const folder = folderOf(t);
    const outputs = outputsOf(t, folder);
    await keep(outputs, [join(folder, 'a'), join(folder, 'b')]);
    assert.equal(openIn(folder), 2);
    await keep(outputs, [join(folder, 'b')]);
    assert.equal(openIn(folder), 1);
  });

  test('of very many only the first are kept open, the others are opened when something is run', async (t) => {
    const folder = folderOf(t);
    const outputs = outputsOf(t, folder);
    const files = Array.from({ length: 300 }, (_, index) => join(folder, `${index}.out`));
    await keep(outputs, files);
    const last = files[299] ?? '';
    assert.deepEqual(outputs.descriptor(last), { error: 'it is not open' });
    const place = outputs.place(last);
    await answerOf<void>((done) =>
      outputs.use(last, (output) => {
        assert.equal(typeof output, 'number');
        writeSync(Number(output), 'mine\n');
        done();
      }),
    );
    assert.equal(place.at, 0, 'it is known as soon as the file is open');
    assert.equal(await tail(outputs, last, place), 'mine\n');
    await answerOf<void>((done) => outputs.use(last, () => done()));
    assert.ok(openIn(folder) <= 257);
  });

  test('a name that no file system takes is no reason to end', async (t) => {
    const folder = folderOf(t);
    const [file, outputs] = [join(folder, 'x'.repeat(256)), outputsOf(t, folder)];
    assert.deepEqual(await keep(outputs, [file]), [{ file, is: 'lost', error: 'ENAMETOOLONG' }]);
  });
});

describe('in a folder where others may write', () => {
  const isRoot = process.getuid?.() === 0;

  test('a file with a further name is not written to: it could be any file of the disk', async (t) => {
    const folder = folderOf(t);
    const [file, victim, outputs] = [join(folder, 'x.out'), join(folder, 'victim'), outputsOf(t, folder)];
    writeFileSync(victim, 'precious');
    linkSync(victim, file);
    assert.deepEqual(
      await keep(outputs, [file]),
      [],
      'where nobody else may write, it is the administrator’s',
    );
    await keep(outputs, []);
    for (const mode of [0o770, 0o1777]) {
      chmodSync(folder, mode);
      const [problem] = await keep(outputs, [file]);
      assert.match(problem?.error ?? '', /a further name/);
      assert.equal(outputs.place(file).at, undefined);
    }
  });

  test('a file of somebody else is not written to', { skip: !isRoot && 'needs root' }, async (t) => {
    const folder = folderOf(t);
    const [file, outputs] = [join(folder, 'x.out'), outputsOf(t, folder)];
    writeFileSync(file, '');
    chownSync(file, 65534, 65534);
    assert.deepEqual(await keep(outputs, [file]), []);
    await keep(outputs, []);
    chownSync(folder, 65534, 65534);
    const [problem] = await keep(outputs, [file]);
    assert.match(problem?.error ?? '', /belongs to uid 65534/);
  });
});

describe('while a missing file is made', () => {
  test('a link that is laid in its place is not followed, whoever may write to the folder', async (t) => {
    for (const mode of [0o700, 0o777]) {
      const folder = folderOf(t);
      chmodSync(folder, mode);
      const file = join(folder, 'x.out');
      const startMaker: typeof runShell = (task, on) => {
        symlinkSync(join(folder, 'nowhere'), file);
        return runShell(task, on);
      };
      const asked = { ...calls, ...folderCalls };
      const opener = createOutputOpener(dumpFolder(folder), asked, startMaker, ownUid());
      const opened = await answerOf<object>((onOpen) => opener.open('x.out', true, onOpen));
      assert.deepEqual(opened, { error: 'not a regular file (ELOOP)' });
      assert.deepEqual(readdirSync(folder), ['x.out']);
    }
  });
});

describe('a file system that hangs', () => {
  /** Opens nothing until it is told to. */
  function hanging() {
    let go: (() => void)[] = [];
    const asked = { count: 0, isSilent: false };
    return {
      asked,
      answer() {
        for (const open of go) open();
        go = [];
      },
      opener: (real: OutputOpener): OutputOpener => ({
        open(name, isToKeep, onOpen) {
          asked.count += 1;
          go.push(() => real.open(name, isToKeep, onOpen));
        },
        isSilent: () => asked.isSilent,
      }),
    };
  }

  test('is not waited for: the files are lost, and open as soon as it answers', async (t) => {
    const folder = folderOf(t);
    const { opener, answer, asked } = hanging();
    const [file, outputs] = [join(folder, 'x.out'), outputsOf(t, folder, { opener })];
    assert.deepEqual(await keep(outputs, [file]), []);
    asked.isSilent = true;
    const problem = { file, is: 'folder', error: 'the folder does not answer' } as const;
    assert.deepEqual(await keep(outputs, [file]), [problem]);
    assert.equal(asked.count, 1, 'it is asked once');
    answer();
    assert.deepEqual(await keep(outputs, [file]), []);
    assert.equal(typeof outputs.descriptor(file), 'number');
  });

  test('is known to hang: nobody else waits even for a moment', async (t) => {
    const folder = folderOf(t);
    const { opener, asked } = hanging();
    const [file, outputs] = [join(folder, 'x.out'), outputsOf(t, folder, { opener })];
    asked.isSilent = true;
    const used = await answerOf((take) => outputs.use(file, take));
    assert.deepEqual(used, { error: 'the folder does not answer' });
    assert.equal(await tail(outputs, file, BEGIN), '');
    assert.equal(asked.count, 0);
  });

  test('behind a server no file stays open, and each is opened when something is run', async (t) => {
    const folder = folderOf(t);
    const outputs = outputsOf(t, folder, {
      opener: (real) => ({
        ...real,
        open: (name, isToKeep, onOpen) =>
          real.open(name, isToKeep, (opened) =>
            onOpen('error' in opened ? opened : { ...opened, isLocal: false }),
          ),
      }),
    });
    const file = join(folder, 'x.out');
    assert.deepEqual(await keep(outputs, [file]), []);
    assert.deepEqual(outputs.descriptor(file), { error: 'it is not open' });
    const [first, write] = [outputs.place(file), (output: unknown) => writeSync(Number(output), 'one\n')];
    await answerOf((done) => outputs.use(file, (output) => done(write(output))));
    const second = outputs.place(file);
    await answerOf((done) => outputs.use(file, (output) => done(writeSync(Number(output), 'two\n'))));
    assert.equal(await tail(outputs, file, first, second), 'one\n');
    assert.equal(await tail(outputs, file, second), 'two\n');
    // The descriptors are closed by threads, in the order of their openings.
    await answerOf((done) => folderCalls.fileSystem(0, done));
    assert.ok(openIn(folder) <= 1);
  });
});

describe('cutting', () => {
  test('a file of more than 1 MiB is cut to its last 256 KiB, and who has it open appends behind them', async (t) => {
    const folder = folderOf(t);
    const file = join(folder, 'x.out');
    const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index} of some length\n`).join('');
    let done: (error: string | undefined) => void = () => undefined;
    const outputs = outputsOf(t, folder, {
      cut: (descriptor, on) =>
        cutInPlace(descriptor, {
          ...on,
          ended(error) {
            on.ended(error);
            done(error);
          },
        }),
    });
    await keep(outputs, [file]);
    const service = descriptorOf(outputs, file);
    writeSync(service, lines);
    assert.ok(lines.length > MIB);
    const error = await answerOf<string | undefined>((onCut) => {
      done = onCut;
      outputs.keep([file], () => undefined);
    });
    assert.equal(error, undefined);
    assert.equal(readFileSync(file, 'utf8'), lines.slice(-256 * 1024));
    writeSync(service, 'and on\n');
    assert.equal(readFileSync(file, 'utf8'), `${lines.slice(-256 * 1024)}and on\n`);
    assert.equal(outputs.place(file).at, lines.length + 7, 'positions do not go back');
    const end = { at: lines.length };
    assert.equal(await tail(outputs, file, end), 'and on\n');
    assert.equal(await tail(outputs, file, { at: lines.length - 10 }, end), lines.slice(-10));
  });

  test('a run that begins when a cut is through, but not known to be, is told from the one before it', async (t) => {
    const folder = folderOf(t);
    const file = join(folder, 'x.out');
    const outputs = outputsOf(t, folder, { cut: () => undefined });
    const earlier = `${'x'.repeat(MIB)}odd run 1\n`;
    writeFileSync(file, earlier);
    await keep(outputs, [file]);
    writeFileSync(file, earlier.slice(-256 * 1024));
    const from = outputs.place(file);
    assert.equal(from.at, earlier.length);
    assert.equal(await tail(outputs, file, from), '');
    writeSync(descriptorOf(outputs, file), 'even run 2\n');
    assert.equal(await tail(outputs, file, from), 'even run 2\n');
    assert.equal(await tail(outputs, file, { at: earlier.length - 10 }, from), 'odd run 1\n');
  });

  test('up to 1 MiB nothing is cut', async (t) => {
    const folder = folderOf(t);
    const file = join(folder, 'x.out');
    const outputs = outputsOf(t, folder, { cut: () => assert.fail('it is not too long') });
    writeFileSync(file, 'x'.repeat(MIB));
    await keep(outputs, [file]);
    outputs.cut(file);
  });

  test('a disk that takes no cut is not waited for, nor asked twice at a time; a failure is told until it is over', async (t) => {
    const folder = folderOf(t);
    const file = join(folder, 'x.out');
    const ends: ((error: string | undefined) => void)[] = [];
    const outputs = outputsOf(t, folder, { cut: (_, { ended }) => void ends.push(ended) });
    writeFileSync(file, 'x'.repeat(MIB + 1));
    assert.deepEqual(await keep(outputs, [file]), []);
    await keep(outputs, [file]);
    outputs.cut(file);
    assert.equal(ends.length, 1);
    ends[0]?.('EIO');
    assert.deepEqual(await keep(outputs, [file]), [{ file, is: 'too-long', error: 'EIO' }]);
    assert.equal(ends.length, 2, 'it is tried again');
    ends[1]?.(undefined);
    truncateSync(file, 0);
    assert.deepEqual(await keep(outputs, [file]), []);
  });

  test('without the means to cut the reason is told', async () => {
    const error = await answerOf<string | undefined>((ended) => cutInPlace(0x7fffffff, { ended }));
    assert.equal(error, 'EBADF');
  });
});

describe('reading', () => {
  test('of what was written between two positions the end is had, with a mark where more came before', async (t) => {
    const folder = folderOf(t);
    const [file, outputs] = [join(folder, 'x.out'), outputsOf(t, folder)];
    writeFileSync(file, 'earlier\n');
    await keep(outputs, [file]);
    const from = outputs.place(file);
    const descriptor = descriptorOf(outputs, file);
    writeSync(descriptor, 'mine\n');
    assert.equal(await tail(outputs, file, from), 'mine\n');
    const to = outputs.place(file);
    writeSync(descriptor, 'later\n');
    assert.equal(await tail(outputs, file, from, to), 'mine\n');
    writeSync(descriptor, 'x'.repeat(10_000));
    assert.equal(await tail(outputs, file, to), `…${'x'.repeat(8192)}`);
    assert.equal(await tail(outputs, file, outputs.place(file)), '');
  });

  test('in a file that somebody emptied meanwhile all is new', async (t) => {
    const folder = folderOf(t);
    const [file, outputs] = [join(folder, 'x.out'), outputsOf(t, folder)];
    writeFileSync(file, 'earlier\n');
    await keep(outputs, [file]);
    const from = outputs.place(file);
    truncateSync(file, 0);
    writeSync(descriptorOf(outputs, file), 'mine\n');
    assert.equal(await tail(outputs, file, from), 'mine\n');
  });

  test('what stands in another file that lies there since is not the run’s', async (t) => {
    const folder = folderOf(t);
    const [file, outputs] = [join(folder, 'x.out'), outputsOf(t, folder)];
    await keep(outputs, [file]);
    const from = outputs.place(file);
    writeSync(descriptorOf(outputs, file), 'mine\n');
    renameSync(file, `${file}.1`);
    writeFileSync(file, 'somebody else’s\n');
    await keep(outputs, [file]);
    assert.equal(await tail(outputs, file, from), '');
    const next = outputs.place(file);
    assert.ok(Number(next.at) > Number(from.at));
    writeSync(descriptorOf(outputs, file), 'of the next run\n');
    assert.equal(await tail(outputs, file, next), 'of the next run\n');
  });

  test('what would have to be waited for is not read', async (t) => {
    const folder = folderOf(t);
    const [file, outputs] = [
      join(folder, 'x.out'),
      outputsOf(t, folder, { kernel: { readAtOnce: () => -1 } }),
    ];
    writeFileSync(file, 'on the disk only\n');
    await keep(outputs, [file]);
    assert.equal(await tail(outputs, file, BEGIN), '');
  });

  test('a file in memory is read on a disk and on tmpfs', async (t) => {
    for (const parent of [undefined, '/dev/shm']) {
      const folder = folderOf(t, parent);
      const [file, outputs] = [join(folder, 'x.out'), outputsOf(t, folder)];
      writeFileSync(file, 'one\ntwo\n');
      await keep(outputs, [file]);
      assert.equal(await tail(outputs, file, { at: 4 }), 'two\n', parent);
    }
  });
});
