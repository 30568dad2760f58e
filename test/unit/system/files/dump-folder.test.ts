// The folder of the dump file while its file system hangs: one walk to it, and nobody waits longer than they can.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDumpFolder } from '../../../../src/system/real/files/dump-folder.ts';
import type { FolderCalls } from '../../../../src/system/real/files/folder-calls.ts';
import type { FolderProblem, OpenFolder } from '../../../../src/system/real/files/folder-walk.ts';
import { lookAtFolder } from '../../../../src/system/real/files/look-at-folder.ts';
import { ownUid } from '../../../../src/system/real/runtime-directory.ts';
import { answerOf, dumpFolder, folderCalls, folderOf } from '../../../harness/real-kernel.ts';

type Found = OpenFolder | FolderProblem;

/** Its first step hangs until `answer`. */
function hangingCalls() {
  let go: (() => void)[] = [];
  let walks = 0;
  const calls: FolderCalls = {
    ...folderCalls,
    openDirectory(parent, name, onEnd) {
      if (name !== '/') {
        folderCalls.openDirectory(parent, name, onEnd);
        return;
      }
      walks += 1;
      go.push(() => folderCalls.openDirectory(parent, name, onEnd));
    },
  };
  return {
    calls,
    walks: () => walks,
    answer() {
      for (const one of go) one();
      go = [];
    },
  };
}

function nameOf(found: Found): string {
  if (!('descriptor' in found)) return found.is;
  found.close();
  return 'open';
}

test('who has a time limit is told that it is silent, who has none waits, and there is one walk', async (t) => {
  const { calls, walks, answer } = hangingCalls();
  const folder = createDumpFolder(calls, folderOf(t), ownUid());
  const patient = answerOf<Found>((onOpen) => folder.open(undefined, onOpen));
  assert.equal(nameOf(await answerOf((onOpen) => folder.open(10, onOpen))), 'silent');
  assert.equal(nameOf(await answerOf((onOpen) => folder.open(600, onOpen))), 'silent');
  const begun = performance.now();
  assert.equal(nameOf(await answerOf((onOpen) => folder.open(60_000, onOpen))), 'silent');
  assert.ok(performance.now() - begun < 10_000, 'it is known to hang');
  assert.equal(walks(), 1);
  answer();
  assert.equal(nameOf(await patient), 'open');
});

test('when it answers each gets a folder of their own', async (t) => {
  const { calls, walks, answer } = hangingCalls();
  const folder = createDumpFolder(calls, folderOf(t), ownUid());
  const both = [1, 2].map(() => answerOf<Found>((onOpen) => folder.open(60_000, onOpen)));
  answer();
  const first = await both[0];
  answer();
  const second = await both[1];
  assert.ok(first !== undefined && 'descriptor' in first && second !== undefined && 'descriptor' in second);
  assert.notEqual(first.descriptor, second.descriptor);
  first.close();
  second.close();
  assert.equal(walks(), 2);
});

test('a look tells what it is and what lies there, and a silent one ends in time', async (t) => {
  const path = folderOf(t);
  mkdirSync(join(path, 'directory'));
  writeFileSync(join(path, 'file'), '');
  symlinkSync('directory', join(path, 'link'));
  execFileSync('mkfifo', [join(path, 'other')]);
  for (const name of ['nothing', 'file', 'link', 'directory', 'other']) {
    const look = await lookAtFolder(dumpFolder(path), name, folderCalls, 60_000);
    assert.ok('stat' in look);
    assert.deepEqual(
      [look.there, look.others, look.notWritable, look.stat.uid],
      [name, 'nothing', undefined, ownUid()],
    );
  }
  const missing = await lookAtFolder(dumpFolder(`${path}/nowhere`), 'x', folderCalls, 60_000);
  assert.equal('is' in missing ? missing.is : '', 'missing');
  const hanging = { ...folderCalls, mayMakeFiles: () => undefined };
  const silent = await lookAtFolder(dumpFolder(path), 'x', hanging, 10);
  assert.equal('is' in silent ? silent.is : '', 'silent');
});
