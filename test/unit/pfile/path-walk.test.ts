import assert from 'node:assert/strict';
import { test } from 'node:test';
import { walkPath } from '../../../src/pfile/path-walk.ts';
import { fakeFiles } from './fakes.ts';

const FILES = fakeFiles({
  '.': { kind: 'directory', target: '/home/op' },
  '/bin': { kind: 'directory', target: 'usr/bin' },
  '/usr/bin/java': { kind: 'file', target: '/etc/alternatives/java' },
  '/etc/alternatives/java': { kind: 'file', target: '../../jvm/17/java' },
  '/loop': { kind: 'other', target: '/loop' },
  '/gone': { kind: 'missing' },
});

const CASES: ReadonlyArray<readonly [path: string, file: string, directories: string[], links: string[]]> = [
  ['/s.sh', '/s.sh', ['/'], []],
  ['/', '/', [], []],
  ['//a/./b//c.sh', '/a/b/c.sh', ['/', '/a', '/a/b'], []],
  ['/a/../../b', '/b', ['/', '/a'], []],
  ['/bin/sh', '/usr/bin/sh', ['/', '/usr', '/usr/bin'], ['/bin']],
  [
    '/bin/java',
    '/jvm/17/java',
    ['/', '/usr', '/usr/bin', '/etc', '/etc/alternatives', '/jvm', '/jvm/17'],
    ['/bin', '/usr/bin/java', '/etc/alternatives/java'],
  ],
  ['pfile', '/home/op/pfile', ['/', '/home', '/home/op'], []],
  ['/loop/x', '/', ['/'], ['/loop']],
  ['/gone', '/gone', ['/'], []],
  ['/gone/../a/s.sh', '/gone/../a/s.sh', ['/'], []],
];

for (const [path, file, directories, links] of CASES) {
  test(`when the path is ${path}, the way leads to ${file} by ${links.length} links`, async () => {
    assert.deepEqual(await walkPath(path, FILES), { file, directories, links });
  });
}

test('of a path with two thousand steps into nothing, one is looked at', async () => {
  const files = fakeFiles({ '/a': { kind: 'missing' } });
  const { directories } = await walkPath('/a'.repeat(2000), files);
  assert.deepEqual(directories, ['/']);
  assert.deepEqual(files.asked, ['link /a']);
});

test('of a path that is longer than the kernel takes, nothing is looked at', async () => {
  const files = fakeFiles();
  assert.equal((await walkPath('/a'.repeat(2048), files)).directories.length, 0);
  assert.deepEqual(files.asked, []);
});
