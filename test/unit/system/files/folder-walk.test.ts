// The way to the folder of the dump file on a real disk: which links are followed, what is refused, and nothing stays open.
import assert from 'node:assert/strict';
import {
  chmodSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  type FolderProblem,
  type OpenFolder,
  walkToFolder,
} from '../../../../src/system/real/files/folder-walk.ts';
import { ownUid } from '../../../../src/system/real/runtime-directory.ts';
import { answerOf, folderCalls, folderOf } from '../../../harness/real-kernel.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;

function walk(path: string, calls = folderCalls): Promise<OpenFolder | FolderProblem> {
  return answerOf((onEnd) => walkToFolder(calls, path, ownUid(), onEnd));
}

/** The inode that the way leads to, or the problem. */
async function found(path: string): Promise<string> {
  const folder = await walk(path);
  if (!('descriptor' in folder)) return `${folder.is}: ${folder.text}`;
  folder.close();
  return folder.stat.inode;
}

function inodeOf(path: string): string {
  return statSync(path, { bigint: true }).ino.toString(16);
}

describe('the way to a folder', () => {
  test('is gone step by step, over links that are ours, as the kernel would go it', async (t) => {
    const folder = folderOf(t);
    mkdirSync(join(folder, 'a/b/c'), { recursive: true });
    symlinkSync('b/c', join(folder, 'a/relative'));
    symlinkSync(join(folder, 'a'), join(folder, 'absolute'));
    symlinkSync('absolute/relative', join(folder, 'twice'));
    symlinkSync('../../a', join(folder, 'a/b/up'));
    const want = inodeOf(join(folder, 'a/b/c'));
    for (const way of ['a/b/c', 'a/relative', 'absolute/b/c', 'twice', 'a/b/up/b/./c/', 'a//b/../b/c']) {
      assert.equal(await found(`${folder}/${way}`), want, way);
    }
    assert.equal(await found('/'), inodeOf('/'));
  });

  test('that leads nowhere is told with the step that is missing', async (t) => {
    const folder = folderOf(t);
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('round', join(folder, 'round'));
    symlinkSync('nowhere', join(folder, 'dangling'));
    assert.equal(await found(`${folder}/a/b`), `missing: ${folder}/a: ENOENT`);
    assert.equal(await found(`${folder}/dangling`), `missing: ${folder}/nowhere: ENOENT`);
    assert.equal(await found(`${folder}/file`), `not-directory: ${folder}/file is not a directory`);
    assert.equal(await found(`${folder}/file/x`), `not-directory: ${folder}/file is not a directory`);
    assert.equal(await found(`${folder}/round`), `failed: ${folder}/round: ELOOP`);
    const long = 'x'.repeat(256);
    assert.equal(await found(`${folder}/${long}`), `failed: ${folder}/${long}: ENAMETOOLONG`);
  });

  test('leaves nothing open', async (t) => {
    const folder = folderOf(t);
    mkdirSync(join(folder, 'a'));
    symlinkSync('a', join(folder, 'link'));
    symlinkSync('round', join(folder, 'round'));
    await found(folder);
    const before = readdirSync('/proc/self/fd').length;
    for (const way of ['a', 'link', 'round', 'nowhere']) await found(`${folder}/${way}`);
    assert.equal(readdirSync('/proc/self/fd').length, before);
  });
});

describe('a link on the way', { skip: !isRoot && 'needs root' }, () => {
  test('that belongs to somebody else is not followed', async (t) => {
    const folder = folderOf(t);
    symlinkSync('/etc', join(folder, 'link'));
    lchownSync(join(folder, 'link'), NOBODY, NOBODY);
    const refusal = `untrusted: ${folder}/link is a link of uid ${NOBODY}, which is not followed`;
    assert.equal(await found(`${folder}/link`), refusal);
    assert.equal(await found(`${folder}/link/default`), refusal);
  });

  test('that is ours is not followed where somebody else could have laid it', async (t) => {
    const folder = folderOf(t);
    mkdirSync(join(folder, 'theirs/deeper'), { recursive: true });
    symlinkSync('/etc', join(folder, 'theirs/link'));
    symlinkSync('/etc', join(folder, 'theirs/deeper/link'));
    const links = [`${folder}/theirs/link`, `${folder}/theirs/deeper/link`];
    for (const link of links) assert.equal(await found(link), inodeOf('/etc'));
    const how = [
      () => lchownSync(join(folder, 'theirs'), NOBODY, NOBODY),
      () => {
        lchownSync(join(folder, 'theirs'), 0, 0);
        chmodSync(join(folder, 'theirs'), 0o777);
      },
    ];
    for (const make of how) {
      make();
      for (const link of links) {
        const refusal = `untrusted: ${link} is a link where others may write, which is not followed`;
        assert.equal(await found(link), refusal);
      }
      assert.equal(await found(`${folder}/theirs/deeper`), inodeOf(join(folder, 'theirs/deeper')));
    }
    // The sticky bit keeps others from what is not theirs.
    chmodSync(join(folder, 'theirs'), 0o1777);
    for (const link of links) assert.equal(await found(link), inodeOf('/etc'));
  });

  test('that is laid between two steps is not followed', async (t) => {
    const folder = folderOf(t);
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    lchownSync(join(folder, 'a'), NOBODY, NOBODY);
    function swap(): void {
      renameSync(join(folder, 'a/b'), join(folder, 'a/old'));
      symlinkSync('/etc', join(folder, 'a/b'));
      lchownSync(join(folder, 'a/b'), NOBODY, NOBODY);
    }
    let steps = 0;
    const steppedOn = await walk(`${folder}/a/b`, {
      ...folderCalls,
      openDirectory(parent, name, onEnd) {
        if (name === 'b' && steps === 0) {
          steps += 1;
          swap();
        }
        folderCalls.openDirectory(parent, name, onEnd);
      },
    });
    assert.equal('is' in steppedOn ? steppedOn.is : '', 'untrusted');
    // Once it is open it is that directory, whatever its name leads to.
    rmSync(join(folder, 'a/b'));
    renameSync(join(folder, 'a/old'), join(folder, 'a/b'));
    const want = inodeOf(join(folder, 'a/b'));
    const opened = await walk(`${folder}/a/b`);
    swap();
    assert.ok('descriptor' in opened);
    assert.equal(inodeOf(`/proc/self/fd/${opened.descriptor}`), want);
    opened.close();
  });
});

describe('what others may do in a folder', () => {
  for (const [mode, others] of [
    [0o755, 'nothing'],
    [0o775, 'replace'],
    [0o777, 'replace'],
    [0o1777, 'make'],
    [0o1775, 'make'],
  ] as const) {
    test(`of mode 0${mode.toString(8)}: ${others}`, async (t) => {
      const folder = folderOf(t);
      chmodSync(folder, mode);
      const opened = await walk(folder);
      assert.ok('descriptor' in opened);
      opened.close();
      assert.equal(opened.others, others);
    });
  }

  test('of somebody else: replace', { skip: !isRoot && 'needs root' }, async (t) => {
    const folder = folderOf(t);
    lchownSync(folder, NOBODY, NOBODY);
    const opened = await walk(folder);
    assert.ok('descriptor' in opened);
    opened.close();
    assert.equal(opened.others, 'replace');
  });
});
