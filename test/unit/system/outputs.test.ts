// The output files of scripts on a real disk: what is opened, how they are cut under those who write to them,
// what can be read of them. Nothing here waits for time to pass.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { cutInPlace } from '../../../src/system/real/cut.ts';
import { loadKernel } from '../../../src/system/real/kernel.ts';
import { createRealOutputs } from '../../../src/system/real/outputs.ts';

const kernel = await loadKernel();
const MIB = 1024 * 1024;

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'psaver-outputs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Outputs whose files are closed when the test ends. */
function outputsOf(t: TestContext, cut?: typeof cutInPlace) {
  const outputs = createRealOutputs(kernel, cut);
  t.after(() => outputs.keep([]));
  return outputs;
}

function descriptorOf(outputs: ReturnType<typeof outputsOf>, file: string): number {
  const descriptor = outputs.descriptor(file);
  assert.ok(typeof descriptor === 'number', 'it is open');
  return descriptor;
}

function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

describe('opening', () => {
  test('a file is made before it is needed, for its owner only, and appended to', (t) => {
    const [file, outputs] = [join(folderOf(t), 'x.out'), outputsOf(t)];
    assert.deepEqual(outputs.keep([file]), []);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    writeSync(descriptorOf(outputs, file), 'one\n');
    appendFileSync(file, 'two\n');
    writeSync(descriptorOf(outputs, file), 'three\n');
    assert.equal(readFileSync(file, 'utf8'), 'one\ntwo\nthree\n');
  });

  test('what is no regular file is refused and never waited for', (t) => {
    const [folder, outputs] = [folderOf(t), outputsOf(t)];
    const path = (name: string) => join(folder, name);
    execFileSync('mkfifo', [path('fifo')]);
    writeFileSync(path('target'), '');
    symlinkSync(path('target'), path('link'));
    mkdirSync(path('directory'));
    const files = ['fifo', 'link', 'directory'].map(path);
    assert.deepEqual(
      outputs.keep(files).map(({ is, error }) => `${is}: ${error}`),
      [
        'lost: not a regular file (ENXIO)',
        'lost: not a regular file (ELOOP)',
        'lost: not a regular file (EISDIR)',
      ],
    );
    assert.deepEqual(outputs.descriptor(path('link')), { error: 'not a regular file (ELOOP)' });
    assert.equal(outputs.position(path('fifo')), 0);
    assert.equal(outputs.tail(path('fifo'), 0, Infinity), '');
  });

  test('a FIFO that somebody reads is refused too, a device likewise', (t) => {
    const [fifo, outputs] = [join(folderOf(t), 'fifo'), outputsOf(t)];
    execFileSync('mkfifo', [fifo]);
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
    t.after(() => closeSync(reader));
    const before = openDescriptors();
    for (const file of [fifo, '/dev/null']) {
      assert.deepEqual(outputs.descriptor(file), { error: 'not a regular file' });
    }
    assert.equal(openDescriptors(), before);
  });

  test('what could not be opened is tried again', (t) => {
    const [folder, outputs] = [folderOf(t), outputsOf(t)];
    const file = join(folder, 'later', 'x.out');
    assert.deepEqual(outputs.keep([file]), [{ file, is: 'lost', error: 'ENOENT' }]);
    mkdirSync(join(folder, 'later'));
    assert.deepEqual(outputs.descriptor(file), { error: 'ENOENT' }, 'not when a script is due');
    assert.deepEqual(outputs.keep([file]), []);
    assert.equal(typeof outputs.descriptor(file), 'number');
  });

  test('a file that was removed or renamed is made anew, one that was not stays open', (t) => {
    const [folder, outputs] = [folderOf(t), outputsOf(t)];
    const [removed, renamed, stays] = ['removed', 'renamed', 'stays'].map((name) => join(folder, name));
    assert.ok(removed !== undefined && renamed !== undefined && stays !== undefined);
    const files = [removed, renamed, stays];
    outputs.keep(files);
    for (const file of files) writeSync(descriptorOf(outputs, file), 'old');
    rmSync(removed);
    renameSync(renamed, `${renamed}.1`);
    const before = openDescriptors();
    outputs.keep(files);
    assert.equal(openDescriptors(), before);
    for (const file of files) writeSync(descriptorOf(outputs, file), 'new');
    assert.deepEqual(
      files.map((file) => readFileSync(file, 'utf8')),
      ['new', 'new', 'oldnew'],
    );
  });

  test('a file whose entry has gone is closed', (t) => {
    const [folder, outputs] = [folderOf(t), outputsOf(t)];
    const before = openDescriptors();
    outputs.keep([join(folder, 'a'), join(folder, 'b')]);
    assert.equal(openDescriptors(), before + 2);
    outputs.keep([join(folder, 'b')]);
    assert.equal(openDescriptors(), before + 1);
  });

  test('of very many only the first are kept open, the others are opened when something is run', (t) => {
    const [folder, outputs] = [folderOf(t), outputsOf(t)];
    const files = Array.from({ length: 300 }, (_, index) => join(folder, `${index}.out`));
    const before = openDescriptors();
    outputs.keep(files);
    assert.equal(openDescriptors(), before + 256);
    assert.equal(typeof outputs.descriptor(files[299] ?? ''), 'number');
    outputs.keep(files);
    assert.equal(openDescriptors(), before + 256);
  });
});

describe('cutting', () => {
  test('a file of more than 1 MiB is cut to its last 256 KiB, and who has it open appends behind them', async (t) => {
    const file = join(folderOf(t), 'x.out');
    const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index} of some length\n`).join('');
    let done: (error: string | undefined) => void = () => undefined;
    const isCut = new Promise<string | undefined>((resolve) => {
      done = resolve;
    });
    const outputs = outputsOf(t, (descriptor, onEnd) => {
      cutInPlace(descriptor, (error) => {
        onEnd(error);
        done(error);
      });
    });
    outputs.keep([file]);
    const service = descriptorOf(outputs, file);
    writeSync(service, lines);
    assert.ok(lines.length > MIB);
    outputs.keep([file]);
    assert.equal(await isCut, undefined);
    assert.equal(readFileSync(file, 'utf8'), lines.slice(-256 * 1024));
    writeSync(service, 'and on\n');
    assert.equal(readFileSync(file, 'utf8'), `${lines.slice(-256 * 1024)}and on\n`);
    assert.equal(outputs.position(file), lines.length + 7, 'positions do not go back');
    assert.equal(outputs.tail(file, lines.length, Infinity), 'and on\n');
    assert.equal(outputs.tail(file, lines.length - 10, lines.length), lines.slice(-10));
  });

  test('a run that begins when a cut is through, but not known to be, is told from the one before it', (t) => {
    const file = join(folderOf(t), 'x.out');
    const outputs = outputsOf(t, () => undefined);
    const earlier = `${'x'.repeat(MIB)}odd run 1\n`;
    writeFileSync(file, earlier);
    outputs.keep([file]);
    writeFileSync(file, earlier.slice(-256 * 1024));
    const from = outputs.position(file);
    assert.equal(from, earlier.length);
    assert.equal(outputs.tail(file, from, Infinity), '');
    writeSync(descriptorOf(outputs, file), 'even run 2\n');
    assert.equal(outputs.tail(file, from, Infinity), 'even run 2\n');
    assert.equal(outputs.tail(file, from - 10, from), 'odd run 1\n');
  });

  test('up to 1 MiB nothing is cut', (t) => {
    const file = join(folderOf(t), 'x.out');
    const outputs = outputsOf(t, () => assert.fail('it is not too long'));
    writeFileSync(file, 'x'.repeat(MIB));
    outputs.keep([file]);
    outputs.cut(file);
  });

  test('a disk that takes no cut is not waited for, nor asked twice at a time; a failure is told until it is over', (t) => {
    const file = join(folderOf(t), 'x.out');
    const ends: ((error: string | undefined) => void)[] = [];
    const outputs = outputsOf(t, (_, onEnd) => void ends.push(onEnd));
    writeFileSync(file, 'x'.repeat(MIB + 1));
    assert.deepEqual(outputs.keep([file]), []);
    outputs.keep([file]);
    outputs.cut(file);
    assert.equal(ends.length, 1);
    ends[0]?.('EIO');
    assert.deepEqual(outputs.keep([file]), [{ file, is: 'too-long', error: 'EIO' }]);
    assert.equal(ends.length, 2, 'it is tried again');
    ends[1]?.(undefined);
    truncateSync(file, 0);
    assert.deepEqual(outputs.keep([file]), []);
  });

  test('without the means to cut the reason is told', async (t) => {
    const file = join(folderOf(t), 'x.out');
    const before = process.env['PATH'];
    t.after(() => {
      process.env['PATH'] = before;
    });
    process.env['PATH'] = '/nowhere';
    const outputs = outputsOf(t);
    const error = await new Promise((resolve) => cutInPlace(descriptorOf(outputs, file), resolve));
    assert.equal(error, 'tail and dd ended with 127');
  });
});

describe('reading', () => {
  test('of what was written between two positions the end is had, with a mark where more came before', (t) => {
    const [file, outputs] = [join(folderOf(t), 'x.out'), outputsOf(t)];
    writeFileSync(file, 'earlier\n');
    const from = outputs.position(file);
    const descriptor = descriptorOf(outputs, file);
    writeSync(descriptor, 'mine\n');
    assert.equal(outputs.tail(file, from, Infinity), 'mine\n');
    const to = outputs.position(file);
    writeSync(descriptor, 'later\n');
    assert.equal(outputs.tail(file, from, to), 'mine\n');
    writeSync(descriptor, 'x'.repeat(10_000));
    assert.equal(outputs.tail(file, to, Infinity), `…${'x'.repeat(8192)}`);
    assert.equal(outputs.tail(file, outputs.position(file), Infinity), '');
  });

  test('in a file that somebody emptied meanwhile all is new', (t) => {
    const [file, outputs] = [join(folderOf(t), 'x.out'), outputsOf(t)];
    writeFileSync(file, 'earlier\n');
    const from = outputs.position(file);
    truncateSync(file, 0);
    writeSync(descriptorOf(outputs, file), 'mine\n');
    assert.equal(outputs.tail(file, from, Infinity), 'mine\n');
  });

  test('what stands in another file that lies there since is not the run’s', (t) => {
    const [file, outputs] = [join(folderOf(t), 'x.out'), outputsOf(t)];
    outputs.keep([file]);
    const from = outputs.position(file);
    writeSync(descriptorOf(outputs, file), 'mine\n');
    renameSync(file, `${file}.1`);
    writeFileSync(file, 'somebody else’s\n');
    outputs.keep([file]);
    assert.equal(outputs.tail(file, from, Infinity), '');
    const next = outputs.position(file);
    assert.ok(next > from);
    writeSync(descriptorOf(outputs, file), 'of the next run\n');
    assert.equal(outputs.tail(file, next, Infinity), 'of the next run\n');
  });

  test('what would have to be waited for is not read', (t) => {
    const file = join(folderOf(t), 'x.out');
    const outputs = createRealOutputs({ ...kernel, readAtOnce: () => -1 });
    t.after(() => outputs.keep([]));
    writeFileSync(file, 'on the disk only\n');
    assert.equal(outputs.tail(file, 0, Infinity), '');
  });

  test('a file in memory is read on a disk and on tmpfs', (t) => {
    for (const parent of [tmpdir(), '/dev/shm']) {
      const folder = mkdtempSync(join(parent, 'psaver-outputs-'));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const [file, outputs] = [join(folder, 'x.out'), outputsOf(t)];
      writeFileSync(file, 'one\ntwo\n');
      assert.equal(outputs.tail(file, 4, Infinity), 'two\n', parent);
    }
  });
});
