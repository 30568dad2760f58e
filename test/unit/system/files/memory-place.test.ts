// Where pcheck writes while it runs: in memory, whatever lies where others look for it.
import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  hasMemory,
  isLinked,
  linkPlace,
  type MemoryPlace,
  memoryPlace,
} from '../../../../src/system/real/files/memory-place.ts';
import { folderOf } from '../../../harness/real-kernel.ts';

function make(path: string): void {
  mkdirSync(path, { recursive: true });
}

/** Of a directory on a disk, with a /dev/shm of the test's own. */
function placeOnDisk(t: TestContext): MemoryPlace & { readonly link: string } {
  const [disk, memory] = [folderOf(t), folderOf(t, '/dev/shm')];
  const { path, link } = memoryPlace(join(disk, 'key'), make, memory);
  assert.equal(dirname(dirname(path)), memory);
  assert.equal(basename(path), 'key');
  assert.ok(link !== undefined);
  return { path, link };
}

test('in a directory in memory a file lies where others look for it', (t) => {
  const path = join(folderOf(t, '/dev/shm'), 'key');
  const place = memoryPlace(path, make);
  assert.deepEqual(place, { path, link: undefined });
  assert.equal(isLinked(place), true);
  linkPlace(place);
});

test('of a directory on a disk the files lie in memory, and a link leads to each', (t) => {
  const place = placeOnDisk(t);
  assert.equal(isLinked(place), false);
  linkPlace(place);
  assert.equal(isLinked(place), true);
  writeFileSync(place.path, 'text');
  assert.equal(readFileSync(place.link, 'utf8'), 'text');
});

test('two directories of one name have two places', (t) => {
  assert.notEqual(placeOnDisk(t).path, placeOnDisk(t).path);
});

test('the link takes the place of another link or a file, and follows neither', (t) => {
  const place = placeOnDisk(t);
  const victim = join(folderOf(t), 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, place.link);
  linkPlace(place);
  assert.equal(readlinkSync(place.link), place.path);
  assert.equal(readFileSync(victim, 'utf8'), 'precious');
  assert.ok(lstatSync(place.link).isSymbolicLink());
});

test('where nothing lies in memory a disk has to do', (t) => {
  const disk = folderOf(t);
  const path = join(disk, 'key');
  for (const other of [folderOf(t), `${disk}/nowhere`]) {
    assert.deepEqual(memoryPlace(path, make, other), { path, link: undefined });
  }
  assert.equal(hasMemory(folderOf(t, '/dev/shm')), true);
});
