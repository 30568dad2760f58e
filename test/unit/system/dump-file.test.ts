// The dump file on a real disk: whole or not at all, for its owner alone, and nothing else in its folder is touched.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { createDumpFile } from '../../../src/system/real/dump-file.ts';
import { answerOf, dumpFolder, folderOf, kernel, runShell } from '../../harness/real-kernel.ts';

function dumpFile(path: string) {
  return createDumpFile(dumpFolder(dirname(path)), basename(path), runShell, kernel);
}

function write(path: string, text: string): Promise<string | undefined> {
  return answerOf((ended) => dumpFile(path).write(text, { ended }));
}

test('a dump takes the place of the one before as a whole, mode 0600, whatever mode that had', async (t) => {
  const folder = folderOf(t);
  const path = join(folder, 'p.dump');
  writeFileSync(path, 'x'.repeat(100_000));
  chmodSync(path, 0o666);
  const { ino } = statSync(path);
  assert.equal(await write(path, 'サービス\n'), undefined);
  assert.equal(readFileSync(path, 'utf8'), 'サービス\n');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.notEqual(statSync(path).ino, ino, 'it was renamed into place, not written over');
  assert.deepEqual(readdirSync(folder), ['p.dump']);
});

test('a dump that cannot be written says why, and the one before stays', async (t) => {
  const folder = folderOf(t);
  assert.equal(await write(join(folder, 'nowhere/p.dump'), 'new'), `${folder}/nowhere: ENOENT`);
  writeFileSync(join(folder, 'file'), '');
  assert.equal(await write(join(folder, 'file/p.dump'), 'new'), `${folder}/file is not a directory`);
  const long = join(folder, 'p'.repeat(256));
  assert.match((await write(long, 'new')) ?? '', /File name too long/);
  assert.deepEqual(readdirSync(folder), ['file']);
});

test('a dump of many MiB is written whole', async (t) => {
  const path = join(folderOf(t), 'p.dump');
  const text = 'entry of some length\n'.repeat(1_000_000);
  assert.equal(await write(path, text), undefined);
  assert.equal(readFileSync(path, 'utf8'), text);
});

test('it is told when the writer needs nobody any more, before it has ended', async (t) => {
  const path = join(folderOf(t), 'p.dump');
  const told: string[] = [];
  await answerOf<void>((done) => {
    dumpFile(path).write('text', {
      started: () => void told.push('started'),
      ended(error) {
        told.push(`ended ${error}`);
        done();
      },
    });
  });
  assert.deepEqual(told, ['started', 'ended undefined']);
});

test('a writer that hangs makes way for the next one, which clears away what it has left', async (t) => {
  const folder = folderOf(t);
  const path = join(folder, 'p.dump');
  const givenUp: string[] = [];
  const hangs = await answerOf<ReturnType<typeof createDumpFile>>((begun) => {
    const startWriter: typeof runShell = (task, on) => {
      if (readdirSync(folder).length > 0) return runShell(task, on);
      task.release?.();
      writeFileSync(join(folder, task.words[1] ?? ''), 'half');
      begun(file);
      return { pid: () => 0, giveUp: () => void givenUp.push('first') };
    };
    const file = createDumpFile(dumpFolder(folder), 'p.dump', startWriter, kernel);
    file.write('first', { ended: () => undefined });
  });
  assert.equal(readdirSync(folder).length, 1);
  assert.equal(await answerOf((ended) => hangs.write('second', { ended })), undefined);
  assert.deepEqual(givenUp, ['first']);
  assert.equal(readFileSync(path, 'utf8'), 'second');
  assert.deepEqual(readdirSync(folder), ['p.dump']);
});

describe('under the new name, as soon as it can be known', () => {
  const LAID: readonly (readonly [what: string, lay: (path: string, folder: string) => void])[] = [
    ['a link to a file', (path, folder) => symlinkSync(join(folder, 'victim'), path)],
    ['a link to what is not there', (path, folder) => symlinkSync(join(folder, 'nowhere'), path)],
    ['a link to a directory', (path, folder) => symlinkSync(join(folder, 'inside'), path)],
    ['a FIFO', (path) => execFileSync('mkfifo', [path])],
    ['a further name', (path, folder) => linkSync(join(folder, 'victim'), path)],
  ];
  for (const [what, lay] of LAID) {
    test(`${what} is not written to, and the dump before stays`, async (t) => {
      const folder = folderOf(t);
      writeFileSync(join(folder, 'victim'), 'precious');
      writeFileSync(join(folder, 'p.dump'), 'old');
      mkdirSync(join(folder, 'inside'));
      const startWriter: typeof runShell = (task, on) => {
        lay(join(folder, task.words[1] ?? ''), folder);
        return runShell(task, on);
      };
      const file = createDumpFile(dumpFolder(folder), 'p.dump', startWriter, kernel);
      const error = await answerOf<string | undefined>((ended) => file.write('new', { ended }));
      assert.match(error ?? '', /File exists/);
      assert.equal(readFileSync(join(folder, 'victim'), 'utf8'), 'precious');
      assert.equal(readFileSync(join(folder, 'p.dump'), 'utf8'), 'old');
      assert.deepEqual(readdirSync(folder).sort(), ['inside', 'p.dump', 'victim']);
      assert.deepEqual(readdirSync(join(folder, 'inside')), []);
    });
  }
});

describe('in the place of the dump', () => {
  test('a link is replaced, not followed', async (t) => {
    const folder = folderOf(t);
    const [path, victim] = [join(folder, 'p.dump'), join(folder, 'victim')];
    writeFileSync(victim, 'precious');
    symlinkSync(victim, path);
    assert.equal(await write(path, 'new'), undefined);
    assert.equal(readFileSync(victim, 'utf8'), 'precious');
    assert.ok(lstatSync(path).isFile());
  });

  test('a link to a directory is replaced, and nothing comes into the directory', async (t) => {
    const folder = folderOf(t);
    const [path, inside] = [join(folder, 'p.dump'), join(folder, 'inside')];
    mkdirSync(inside);
    symlinkSync(inside, path);
    assert.equal(await write(path, 'new'), undefined);
    assert.deepEqual(readdirSync(inside), []);
    assert.equal(readFileSync(path, 'utf8'), 'new');
  });

  test('a directory stays, and nothing comes into it', async (t) => {
    const path = join(folderOf(t), 'p.dump');
    mkdirSync(path);
    assert.match((await write(path, 'new')) ?? '', /cannot overwrite directory/);
    assert.deepEqual(readdirSync(path), []);
    assert.deepEqual(readdirSync(dirname(path)), ['p.dump']);
  });

  test('a FIFO is replaced, and not waited for', async (t) => {
    const path = join(folderOf(t), 'p.dump');
    execFileSync('mkfifo', [path]);
    assert.equal(await write(path, 'new'), undefined);
    assert.equal(readFileSync(path, 'utf8'), 'new');
  });

  test('a further name of another file is taken from it, and the file stays as it is', async (t) => {
    const folder = folderOf(t);
    const [path, victim] = [join(folder, 'p.dump'), join(folder, 'victim')];
    writeFileSync(victim, 'precious');
    linkSync(victim, path);
    assert.equal(await write(path, 'new'), undefined);
    assert.equal(readFileSync(victim, 'utf8'), 'precious');
  });

  test('a name that looks like an option is a name', async (t) => {
    const folder = folderOf(t);
    assert.equal(await write(join(folder, '-f'), 'new'), undefined);
    assert.equal(readFileSync(join(folder, '-f'), 'utf8'), 'new');
  });
});
