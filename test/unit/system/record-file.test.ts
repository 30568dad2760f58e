// The record's file: what is there is always whole, whoever is killed when.
import assert from 'node:assert/strict';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { createRecordFile } from '../../../src/system/real/record-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'psaver-record-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'key.state');
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
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
  symlinkSync(join(folder, 'elsewhere'), `${path}.new`);
  assert.equal(file.write('after'), 'ELOOP');
  assert.deepEqual(file.read(), { text: 'before' });
  assert.deepEqual(readdirSync(folder).sort(), ['key.state', 'key.state.new']);
});

test('after its removal nothing is left', () => {
  const file = createRecordFile(path);
  file.write('a record');
  writeFileSync(`${path}.new`, 'half');
  file.remove();
  file.remove();
  assert.deepEqual(readdirSync(folder), []);
});
