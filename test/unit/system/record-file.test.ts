// The record's file: what is there is always whole, whoever is killed when, and whatever lies there keeps nobody from
// starting.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, type TestContext, test } from 'node:test';
import { createRecordFile } from '../../../src/system/real/record-file.ts';
import { folderOf } from '../../harness/real-kernel.ts';

let folder = '';
let path = '';

beforeEach((t) => {
  // In memory.
  folder = folderOf(t as TestContext, '/dev/shm');
  path = join(folder, 'key.state');
});

test('a record takes the place of the one before it, which is never written over', () => {
  const file = createRecordFile(path);
  assert.equal(file.read(), undefined);
  file.write('a longer first record');
  const first = openSync(path, 'r');
  assert.equal(file.write('the second'), undefined);
  assert.equal(readFileSync(first, 'utf8'), 'a longer first record');
  closeSync(first);
  assert.deepEqual(file.read(), { text: 'the second' });
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('what a killed pcheck had half written is neither read nor in the way', () => {
  const file = createRecordFile(path);
  file.write('whole');
  writeFileSync(`${path}.new`, 'half of a record that was much lon');
  assert.deepEqual(createRecordFile(path).read(), { text: 'whole' });
  createRecordFile(path).write('next');
  assert.equal(readFileSync(path, 'utf8'), 'next');
});

test('a record that cannot be written leaves the one before it', () => {
  const file = createRecordFile(path);
  file.write('before');
  mkdirSync(`${path}.new`);
  assert.match(file.write('after') ?? '', /^(EISDIR|EPERM)$/);
  assert.deepEqual(file.read(), { text: 'before' });
});

test('a link where the next record is written is not followed', () => {
  const file = createRecordFile(path);
  symlinkSync(join(folder, 'elsewhere'), `${path}.new`);
  assert.equal(file.write('after'), undefined);
  assert.deepEqual(file.read(), { text: 'after' });
  assert.deepEqual(readdirSync(folder), ['key.state']);
});

test('after its removal nothing is left', () => {
  const file = createRecordFile(path);
  file.write('a record');
  writeFileSync(`${path}.new`, 'half');
  file.remove();
  file.remove();
  assert.deepEqual(readdirSync(folder), []);
});

describe('in its place', () => {
  const ODD: readonly (readonly [what: string, lay: () => void, problem: RegExp])[] = [
    ['a FIFO', () => execFileSync('mkfifo', [path]), /not a regular file/],
    ['a device', () => execFileSync('mknod', [path, 'c', '1', '5']), /not a regular file/],
    ['a directory', () => mkdirSync(join(path, 'with', 'more'), { recursive: true }), /a directory/],
    ['a link to a file', () => symlinkSync('/etc/hostname', path), /a symbolic link/],
    ['a link that leads nowhere', () => symlinkSync('/nowhere', path), /a symbolic link/],
    [
      'a GiB',
      () => {
        writeFileSync(path, '');
        truncateSync(path, 1024 ** 3);
      },
      /larger than/,
    ],
  ];
  for (const [what, lay, problem] of ODD) {
    const skip = what === 'a device' && process.getuid?.() !== 0 && 'needs root';
    test(`${what} is put aside, and a record is written`, { skip }, () => {
      lay();
      const file = createRecordFile(path);
      const read = file.read();
      assert.match(read !== undefined && 'error' in read ? read.error : '', problem);
      assert.equal(file.putAside(), `${path}.bad`);
      assert.equal(file.write('a record'), undefined);
      assert.deepEqual(createRecordFile(path).read(), { text: 'a record' });
      assert.ok(lstatSync(`${path}.bad`) !== undefined);
    });
  }

  test('what was put aside before, and is of another kind, is left where it is', () => {
    mkdirSync(join(`${path}.bad`, 'full'), { recursive: true });
    writeFileSync(path, 'bad');
    const aside = createRecordFile(path).putAside();
    assert.match(aside, /\.bad-[0-9a-f]{8}$/);
    assert.equal(readFileSync(aside, 'utf8'), 'bad');
    assert.ok(existsSync(join(`${path}.bad`, 'full')));
  });
});

describe('of a directory on a disk', () => {
  let onDisk = '';
  const recordFile = () => createRecordFile(onDisk, () => ({ path, link: onDisk }));

  beforeEach((t) => {
    onDisk = join(folderOf(t as TestContext), 'key.state');
  });

  test('the record is in memory, and found over a link', () => {
    const file = recordFile();
    assert.equal(file.read(), undefined);
    assert.equal(readlinkSync(onDisk), path);
    assert.equal(file.write('a record'), undefined);
    assert.equal(readFileSync(onDisk, 'utf8'), 'a record');
    assert.deepEqual(recordFile().read(), { text: 'a record' });
    file.remove();
    assert.deepEqual([existsSync(path), readdirSync(join(onDisk, '..'))], [false, []]);
  });

  test('a record that lies there itself is read, and moves', () => {
    writeFileSync(onDisk, 'by another version');
    assert.deepEqual(recordFile().read(), { text: 'by another version' });
    assert.equal(readlinkSync(onDisk), path);
    assert.deepEqual(recordFile().read(), { text: 'by another version' });
  });

  test('another link is put aside, not followed', () => {
    symlinkSync('/etc/hostname', onDisk);
    const file = recordFile();
    assert.deepEqual(file.read(), { error: 'it is a symbolic link' });
    assert.equal(file.putAside(), `${onDisk}.bad`);
    assert.equal(file.write('a record'), undefined);
    assert.equal(readFileSync(onDisk, 'utf8'), 'a record');
    assert.equal(readlinkSync(`${onDisk}.bad`), '/etc/hostname');
  });

  test('a record in memory to which nothing leads any more does not count', () => {
    writeFileSync(path, 'forgotten');
    assert.equal(recordFile().read(), undefined);
    assert.equal(existsSync(onDisk), false);
  });
});

test('where nothing lies in memory there is no record, and the reason', () => {
  const file = createRecordFile(path, () => {
    throw new Error('nothing lies in memory');
  });
  assert.equal(file.read(), undefined);
  assert.equal(file.write('a record'), 'nothing lies in memory');
  assert.equal(file.isInPlace(), false);
  file.remove();
  assert.deepEqual(readdirSync(folder), []);
});
