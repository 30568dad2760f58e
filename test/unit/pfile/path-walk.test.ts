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
];

for (const [path, file, directories, links] of CASES) {
  test(`when the path is ${path}, the way leads to ${file} by ${links.length} links`, () => {
    assert.deepEqual(walkPath(path, FILES), { file, directories, links });
  });
}
