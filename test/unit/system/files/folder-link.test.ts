// The link beside the dump file: made beside whatever lies there, and renamed over it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFolderLink } from '../../../../src/system/real/files/folder-link.ts';
import { answerOf, dumpFolder, folderCalls, folderOf, runShell } from '../../../harness/real-kernel.ts';

const NAME = 'dump.verdict';
const TARGET = '/run/verdict';

function lead(folder: string): Promise<string | undefined> {
  const link = createFolderLink(dumpFolder(folder), NAME, folderCalls, runShell);
  assert.equal(link.path, `${folder}/${NAME}`);
  return answerOf((onEnd) => link.lead(TARGET, onEnd));
}

test('the link takes the place of whatever lies there, and is left alone when it is right', async (t) => {
  const folder = folderOf(t);
  const path = join(folder, NAME);
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'precious');
  mkdirSync(join(folder, 'inside'));
  const lay = [
    () => undefined,
    () => writeFileSync(path, 'not ours'),
    () => symlinkSync(victim, path),
    () => symlinkSync(join(folder, 'inside'), path),
    () => execFileSync('mkfifo', [path]),
  ];
  for (const make of lay) {
    execFileSync('rm', ['-f', path]);
    make();
    assert.equal(await lead(folder), undefined);
    assert.equal(readlinkSync(path), TARGET);
  }
  assert.equal(readFileSync(victim, 'utf8'), 'precious');
  assert.deepEqual(readdirSync(join(folder, 'inside')), []);
  assert.deepEqual(readdirSync(folder).sort(), [NAME, 'inside', 'victim']);
  chmodSync(folder, 0o555);
  const before = statSync(folder).mtimeMs;
  assert.equal(await lead(folder), undefined);
  chmodSync(folder, 0o755);
  assert.equal(statSync(folder).mtimeMs, before);
});

test('what is laid under the new name, as soon as that can be known, is not followed', async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, 'inside'));
  for (const target of ['inside', 'nowhere']) {
    const startLinker: typeof runShell = (task, on) => {
      symlinkSync(join(folder, target), join(folder, task.words[0] ?? ''));
      return runShell(task, on);
    };
    const link = createFolderLink(dumpFolder(folder), NAME, folderCalls, startLinker);
    assert.match(
      (await answerOf<string | undefined>((onEnd) => link.lead(TARGET, onEnd))) ?? '',
      /File exists/,
    );
    assert.deepEqual(readdirSync(folder), ['inside']);
    assert.deepEqual(readdirSync(join(folder, 'inside')), []);
  }
});

test('a link that cannot be made says why, and a directory in its place stays', async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, NAME));
  assert.match((await lead(folder)) ?? '', /cannot overwrite directory/);
  assert.ok(lstatSync(join(folder, NAME)).isDirectory());
  assert.deepEqual(readdirSync(folder), [NAME]);
  assert.equal(await lead(join(folder, 'nowhere')), `${folder}/nowhere: ENOENT`);
});
