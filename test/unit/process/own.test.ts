// What is psaver's own is known by its command line, or by its session.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseCommandLine } from '../../../src/process/command-line.ts';
import { isPsaver, isScriptInProgress } from '../../../src/process/own.ts';

const LAUNCH = readFileSync('bin/launch.sh', 'utf8');

for (const program of ['pcheck', 'padmin']) {
  test(`${program} is known as psaver's own by the words that bin/${program} starts it with, and asks Node with`, () => {
    const [, flags = ''] = /^ *ps_flags='?(.*?)'?$/m.exec(readFileSync(`bin/${program}`, 'utf8')) ?? [];
    const files = [...LAUNCH.matchAll(/\/dist\/([^"\s]*)/g)].map(([, name = '']) => name);
    assert.deepEqual(files, ['$ps_program.cjs', 'psaver.cjs']);
    for (const file of files) {
      const words = [
        '/usr/bin/node',
        ...flags.split(' '),
        `/opt/dist/${file.replace('$ps_program', program)}`,
      ];
      const line = parseCommandLine(Buffer.from(`${words.filter(Boolean).join('\0')}\0`));
      assert.ok(line !== undefined && isPsaver(line), words.join(' '));
    }
  });
}

test('in the session of a check or command nobody is a service, in that of a script whoever has another command line', () => {
  const [ofScript, ofCheck] = [{ session: 7 }, { session: 8 }];
  const sessions = [
    { session: 7, script: '/etc/init.d/foo' },
    { session: 8, script: undefined },
  ];
  for (const [words, isScript] of [
    [['/bin/sh', '/etc/init.d/foo', 'start'], true],
    [['/usr/bin/bash', '-e', '-u', '/etc/init.d/foo'], true],
    [['/usr/sbin/foo', '--config', 'x', 'y', '/etc/init.d/foo'], false],
    [['/etc/init.d/foo'], false],
  ] as const) {
    const line = parseCommandLine(Buffer.from(`${words.join('\0')}\0`));
    assert.ok(line !== undefined);
    assert.equal(isScriptInProgress(ofScript, line.argv, sessions), isScript, words.join(' '));
    assert.equal(isScriptInProgress(ofCheck, line.argv, sessions), true);
    assert.equal(isScriptInProgress({ session: 9 }, line.argv, sessions), false);
  }
});
