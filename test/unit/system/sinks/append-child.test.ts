// The child that appends to a file: what it makes, what ends it, and what is told of its end.
import assert from 'node:assert/strict';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { realClock } from '../../../../src/system/real/clock.ts';
import { loadKernel } from '../../../../src/system/real/kernel.ts';
import { realProc } from '../../../../src/system/real/proc/proc.ts';
import {
  type AppendEnd,
  type AppendTarget,
  createStartAppendChild,
} from '../../../../src/system/real/sinks/append-child.ts';
import { until } from '../../../harness/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'psaver-append-'));
const start = createStartAppendChild(await loadKernel(), realClock, realProc);
// A child keeps no pcheck from ending, so it keeps no test.
const alive = setInterval(() => undefined, 1000);
after(() => {
  clearInterval(alive);
  rmSync(folder, { recursive: true });
});

function begin(target: AppendTarget) {
  let resolve: (end: AppendEnd) => void = () => undefined;
  const ended = new Promise<AppendEnd>((done) => {
    resolve = done;
  });
  const child = start(target, resolve);
  assert.ok(!('error' in child));
  return { child, ended };
}

/** The child of this process that has this file open. */
async function writerOf(path: string): Promise<number> {
  const children = () =>
    readdirSync('/proc/self/task')
      .flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' '))
      .filter((pid) => pid !== '');
  const writers = () => children().filter((pid) => descriptorsOf(pid).includes(path));
  await until(`somebody writes to ${path}`, () => writers().length > 0);
  return Number(writers()[0]);
}

function descriptorsOf(pid: string | number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`));
  } catch {
    // It has gone.
    return [];
  }
}

test('it appends, makes the file where it is missing, for nobody but owner and group, and ends with its pipe', async () => {
  const path = join(folder, 'made');
  for (const text of ['one\n', 'two\n']) {
    const { child, ended } = begin({ path });
    assert.equal(child.send(Buffer.from(text)), 4);
    child.finish();
    assert.equal((await ended).writtenBytes, 4);
  }
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n');
  assert.equal(statSync(path).mode & 0o137, 0);
});

test('it has its pipe, its file and what it complains in, and nothing else', async () => {
  const path = join(folder, 'alone');
  const { child, ended } = begin({ path });
  const pid = await writerOf(path);
  const [stdin, ...others] = descriptorsOf(pid);
  assert.match(stdin ?? '', /^pipe:/);
  assert.deepEqual(others, [path, '/memfd:complaints (deleted)']);
  child.finish();
  await ended;
});

test('a descriptor that does not append is opened anew to append, and keeps its file under any name', async () => {
  const path = join(folder, 'given');
  writeFileSync(path, 'first\n');
  const descriptor = openSync(path, 'r+');
  const { child, ended } = begin({ descriptor });
  child.send(Buffer.from('second\n'));
  child.finish();
  renameSync(path, `${path}.1`);
  await ended;
  closeSync(descriptor);
  assert.equal(readFileSync(`${path}.1`, 'utf8'), 'first\nsecond\n');
});

test('signals that end a whole control group do not end it', async () => {
  const path = join(folder, 'tough');
  const { child, ended } = begin({ path });
  const pid = await writerOf(path);
  await until('it is no shell any more', () => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'dd\n');
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) process.kill(pid, signal);
  child.send(Buffer.from('the last line\n'));
  child.finish();
  assert.equal((await ended).writtenBytes, 14);
});

test('of a killed one it is told what it has written', async () => {
  const path = join(folder, 'killed');
  const { child, ended } = begin({ path });
  child.send(Buffer.from('one\n'));
  await until('it has written', () => child.writtenBytes() === 4);
  process.kill(await writerOf(path), 'SIGKILL');
  assert.deepEqual(await ended, { writtenBytes: 4, reason: 'its writer was ended by signal 9' });
});

test('one that cannot write says why, which does not count as written', async () => {
  const { child, ended } = begin({ path: '/dev/full' });
  child.send(Buffer.from('one\n'));
  assert.deepEqual(await ended, { writtenBytes: 0, reason: 'No space left on device' });
});

test('one that cannot open its file says why', async () => {
  const { child, ended } = begin({ path: folder });
  child.send(Buffer.from('one\n'));
  const { writtenBytes, reason } = await ended;
  assert.equal(writtenBytes, 0);
  assert.match(reason, /directory/i);
});
