// Looks at files of a folder, as a child makes them; and what becomes of a look that has no end.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { constants as osConstants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFileCalls, type FileCalls } from '../../../../src/system/real/libc/file-calls.ts';
import type { CreateFileList, FileList } from '../../../../src/system/real/libc/file-lists.ts';
import type { ThreadList, Threads } from '../../../../src/system/real/libc/threads.ts';
import { loadLibc } from '../../../harness/libc.ts';

const NO_SUCH_CALL = 9999;
const { threads, createFileList } = loadLibc();
const calls = createFileCalls(threads, createFileList);

function temporary(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'psaver-files-')));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** But for those that wake threads. */
function openFiles(): number {
  const links = readdirSync('/proc/self/fd').map((name) => linkOf(`/proc/self/fd/${name}`));
  return links.filter((link) => link !== undefined && !link.includes('eventfd')).length;
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // ENOENT: that of the folder itself.
    return undefined;
  }
}

/** koffi calls back: promises go on later. */
function answerOf<Answer>(ask: (onAnswer: (answer: Answer) => void) => void): Promise<Answer> {
  return new Promise((resolve) => ask((answer) => setImmediate(resolve, answer)));
}

const stat = (path: string, follow = true, by = calls) =>
  answerOf((on: Parameters<FileCalls['stat']>[2]) => by.stat(path, follow, on));
const read = (path: string, maximum = 1000, follow = true, by = calls) =>
  answerOf((on: Parameters<FileCalls['readRegular']>[3]) => by.readRegular(path, maximum, follow, on));
const realpath = (path: string) =>
  answerOf((on: Parameters<FileCalls['realpath']>[1]) => calls.realpath(path, on));

test('of a file its mode, owner, device, inode and size are told, of a link those of what it leads to, or its own', async (t) => {
  const folder = temporary(t);
  const [file, link] = [join(folder, 'file'), join(folder, 'link')];
  writeFileSync(file, 'twelve bytes', { mode: 0o640 });
  symlinkSync('file', link);
  const known = statSync(file, { bigint: true });
  const expected = {
    mode: Number(known.mode),
    uid: Number(known.uid),
    inode: known.ino,
    bytes: 12,
    device: {
      major: Number((known.dev >> 8n) & 0xfffn),
      minor: Number(((known.dev >> 12n) & 0xfff00n) | (known.dev & 0xffn)),
    },
  };
  assert.deepEqual(await stat(file), expected);
  assert.deepEqual(await stat(link), expected);
  const own = await stat(link, false);
  assert.ok('mode' in own && (own.mode & constants.S_IFMT) === constants.S_IFLNK);
});

test('what is not there, or may not be looked at, is an error by its name', async (t) => {
  const folder = temporary(t);
  writeFileSync(join(folder, 'file'), '');
  symlinkSync('loop', join(folder, 'loop'));
  assert.deepEqual(await stat(join(folder, 'missing')), { error: 'ENOENT' });
  assert.deepEqual(await stat(join(folder, 'file/below')), { error: 'ENOTDIR' });
  assert.deepEqual(await read(join(folder, 'loop')), { error: 'ELOOP' });
  assert.deepEqual(await stat(join(folder, 'x'.repeat(300))), { error: 'ENAMETOOLONG' });
  assert.deepEqual(await stat(join(folder, 'x/'.repeat(3000))), { error: 'ENAMETOOLONG' });
  assert.deepEqual(await stat(join(folder, 'file\0')), { error: 'ENOENT' });
});

test('a link is read, a path is resolved through all of them', async (t) => {
  const folder = temporary(t);
  mkdirSync(join(folder, 'früh'));
  writeFileSync(join(folder, 'früh', 'file'), '');
  symlinkSync('früh', join(folder, 'one'));
  symlinkSync('one/file', join(folder, 'two'));
  symlinkSync('nowhere', join(folder, 'dangling'));
  const readlink = (name: string) =>
    answerOf((on: Parameters<FileCalls['readlink']>[1]) => calls.readlink(join(folder, name), on));
  assert.deepEqual(await readlink('two'), { target: 'one/file' });
  assert.deepEqual(await readlink('früh'), { error: 'EINVAL' });
  assert.deepEqual(await realpath(join(folder, 'two')), { target: join(folder, 'früh', 'file') });
  assert.deepEqual(await realpath(join(folder, 'one/')), { target: join(folder, 'früh') });
  assert.deepEqual(await realpath(join(folder, 'dangling')), { error: 'ENOENT' });
  // Again, after a longer one.
  assert.deepEqual(await realpath('/'), { target: '/' });
});

test('what may be done with a file is told', async (t) => {
  const file = join(temporary(t), 'file');
  writeFileSync(file, '');
  chmodSync(file, 0o600);
  const access = (mode: number) =>
    answerOf((on: Parameters<FileCalls['access']>[2]) => calls.access(file, mode, on));
  assert.deepEqual(await access(constants.R_OK), { isAllowed: true });
  assert.deepEqual(await access(constants.X_OK), { error: 'EACCES' });
});

test('a regular file is read, as far as asked for, a large one whole', async (t) => {
  const folder = temporary(t);
  const [file, large, link] = ['file', 'large', 'link'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const text = 'line\n'.repeat(100_000);
  writeFileSync(file, 'text');
  writeFileSync(large, text);
  symlinkSync('file', link);
  chmodSync(file, 0o7777);
  const textOf = async (...given: Parameters<typeof read>) => {
    const answer = await read(...given);
    return 'error' in answer ? answer.error : answer.bytes?.toString();
  };
  assert.equal(await textOf(file), 'text');
  assert.equal(await textOf(file, 2), 'te');
  assert.equal(await textOf(link), 'text');
  assert.equal(await textOf(link, 1000, false), undefined);
  assert.equal(await textOf(large, 1_000_000), text);
  assert.equal(await textOf(large, 300_000), text.slice(0, 300_000));
  writeFileSync(file, '');
  assert.equal(await textOf(file), '');
});

test('what is no regular file is not opened, and nothing is read of it', async (t) => {
  const folder = temporary(t);
  const fifo = join(folder, 'fifo');
  spawnSync('mkfifo', [fifo]);
  for (const path of [fifo, folder, '/dev/null', '/dev/zero']) {
    const answer = await read(path);
    assert.ok('bytes' in answer && answer.bytes === undefined, path);
  }
});

test('nothing is left open, and no child is left', async (t) => {
  const file = join(temporary(t), 'file');
  writeFileSync(file, 'text');
  const before = openFiles();
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => read(`${file}${index % 2 === 0 ? '' : '-missing'}`)),
  );
  assert.equal(openFiles(), before);
  const children = readdirSync('/proc/self/task').map((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8'),
  );
  assert.equal(children.join(''), '');
});

test('a kernel that closes no ranges of descriptors makes no difference', async (t) => {
  const file = join(temporary(t), 'file');
  writeFileSync(file, 'text');
  const old = loadLibc({ closeRange: NO_SUCH_CALL });
  const oldCalls = createFileCalls(old.threads, old.createFileList);
  const before = openFiles();
  const answer = await read(file, 1000, true, oldCalls);
  assert.ok(
    'bytes' in answer && answer.bytes?.toString() === 'text',
    JSON.stringify(answer, (_, value) => String(value)),
  );
  assert.equal(openFiles(), before);
});

/** Looks that have no end below /hangs, until they are let go; at anything else at once. */
function hangingLooks() {
  const paths: string[] = [];
  const held: (() => void)[] = [];
  let refusals = 0;
  let error = 0;
  const pathOf = new Map<ThreadList, string>();
  const createList: CreateFileList = (question, capacity) => {
    const list = threads.newList(1024);
    const fake: FileList = {
      question,
      capacity,
      list,
      setPath: (path) => void pathOf.set(list, path),
      answer: () => (error === 0 ? 1 : -error),
      stat: () => assert.fail(),
      content: () => Buffer.from(String(paths.length)),
    };
    return fake;
  };
  const fakeThreads: Pick<Threads, 'run'> = {
    run(list, onEnd) {
      const path = pathOf.get(list) ?? '';
      if (refusals > 0) {
        refusals -= 1;
        return 'EAGAIN';
      }
      paths.push(path);
      if (path.startsWith('/hangs')) held.push(onEnd);
      else setImmediate(onEnd);
      return undefined;
    },
  };
  return {
    calls: createFileCalls({ ...threads, ...fakeThreads }, createList),
    paths,
    letGo: () => held.splice(0).forEach((end) => void end()),
    refuse: (count: number) => {
      refusals = count;
    },
    fail: (errno: number) => {
      error = errno;
    },
  };
}

test('however many looks hang, the next one is answered', async () => {
  const { calls: some, paths } = hangingLooks();
  for (let count = 0; count < 200; count++) some.realpath(`/hangs/${count}`, () => undefined);
  await answerOf((on: Parameters<FileCalls['realpath']>[1]) => some.realpath('/', on));
  assert.equal(paths.length, 201);
});

test('who asks for what hangs already takes no further thread, and is told by a look of its own, one for all', async () => {
  const { calls: some, paths, letGo } = hangingLooks();
  const ask = () => answerOf((on: Parameters<FileCalls['realpath']>[1]) => some.realpath('/hangs', on));
  const first = ask();
  const others = [ask(), ask(), ask()];
  assert.deepEqual(paths, ['/hangs']);
  letGo();
  assert.deepEqual(await first, { target: '1' });
  assert.deepEqual(paths, ['/hangs', '/hangs']);
  letGo();
  assert.deepEqual(await Promise.all(others), [{ target: '2' }, { target: '2' }, { target: '2' }]);
});

test('where no thread, no child or no memory can be had, it is looked again later', async () => {
  const { calls: some, refuse, fail, paths } = hangingLooks();
  refuse(2);
  const ask = () => answerOf((on: Parameters<FileCalls['realpath']>[1]) => some.realpath('/', on));
  await ask();
  assert.equal(paths.length, 1);
  fail(osConstants.errno.EAGAIN);
  const late = ask();
  await new Promise<void>((done) => {
    const look = () => (paths.length >= 3 ? done() : setImmediate(look));
    look();
  });
  fail(0);
  await late;
  fail(osConstants.errno.EIO);
  assert.deepEqual(await ask(), { error: 'EIO' });
});
