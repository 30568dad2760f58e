// The rules of SPEC 3, one line a case: pfile's NAME and strings against what a process is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommandLine } from '../../../src/process/command-line.ts';
import { matches } from '../../../src/process/matcher.ts';
import { createSimulatedSystem } from '../../../src/system/simulated/system.ts';
import { ANY, NOBODY, nameIn } from './rules.ts';

type Process = { argv: string; exe?: string; comm?: string };

const system = createSimulatedSystem();
const { disk } = system;
disk.set('/usr/bin/java', '-> /etc/alternatives/java');
disk.set('/etc/alternatives/java', '-> /usr/lib/jvm/java-17/bin/java');
disk.set('/usr/lib/jvm/java-17/bin/java', '\x7fELF');
disk.set('/usr/sbin/nginx', '\x7fELF');
disk.set('/bin/sh', '-> /usr/bin/dash');
disk.set('/usr/bin/dash', '\x7fELF');
disk.set('/usr/bin/python3', '-> /usr/bin/python3.11');
disk.set('/usr/bin/python3.11', '\x7fELF');
disk.set('/opt/run.sh', '#!/bin/sh\nexec sleep 1\n');
disk.set('/opt/flag.sh', '#! /bin/sh -e\n');
disk.set('/opt/app.py', '#!/usr/bin/env python3\n');
disk.set('/opt/direct.py', '#!/usr/bin/python3 -u\n');
disk.set('/opt/envs.py', '#!/usr/bin/env -S PYTHONUTF8=1 python3 -u\n');

function isMatch(name: string, process: Process, includeStrings: readonly string[] = []): boolean {
  const rule = {
    name: nameIn(system, name),
    includeStrings: includeStrings.map((text) => Buffer.from(text)),
  };
  return matches(
    { ...ANY, ...rule },
    {
      comm: process.comm ?? '',
      commandLine: parseCommandLine(Buffer.from(process.argv.replaceAll('|', '\0'))),
      exe: () => process.exe,
      uid: () => 0,
      isInOwnNamespace: () => true,
    },
  );
}

const JAVA = '/usr/lib/jvm/java-17/bin/java';

const CASES: readonly (readonly [what: string, name: string, process: Process, expected: boolean])[] = [
  ['argv[0] is NAME', '/usr/bin/java', { argv: '/usr/bin/java|-jar', exe: '/x' }, true],
  ['argv[0] only begins with NAME', '/usr/bin/java', { argv: '/usr/bin/javac', exe: '/x' }, false],
  ['NAME is a later argument', '/usr/bin/java', { argv: 'vi|/usr/bin/java', exe: '/usr/bin/vi' }, false],
  ['the executable is NAME', '/usr/sbin/nginx', { argv: 'nginx: master', exe: '/usr/sbin/nginx' }, true],
  [
    'the executable is what NAME resolves to',
    '/usr/bin/java',
    { argv: '/usr/lib/jvm/default/bin/java', exe: JAVA },
    true,
  ],
  [
    'the executable was deleted by an upgrade',
    '/usr/bin/java',
    { argv: 'java', exe: `${JAVA} (deleted)` },
    true,
  ],
  ['the executable cannot be read', '/usr/bin/java', { argv: 'java' }, false],
  [
    'the executable is another',
    '/usr/bin/java',
    { argv: 'java', exe: '/usr/lib/jvm/java-21/bin/java' },
    false,
  ],
  [
    'NAME leads nowhere, argv[0] is it all the same',
    '/gone/daemon',
    { argv: '/gone/daemon', exe: '/x' },
    true,
  ],
  ['a script run by the kernel', '/opt/run.sh', { argv: '/bin/sh|/opt/run.sh', exe: '/usr/bin/dash' }, true],
  ['a script run by hand', '/opt/run.sh', { argv: 'sh|/opt/run.sh|start', exe: '/usr/bin/dash' }, true],
  [
    'a script run by its interpreter’s real name',
    '/opt/run.sh',
    { argv: 'dash|/opt/run.sh', exe: '/usr/bin/dash' },
    true,
  ],
  ['a script with its flag', '/opt/flag.sh', { argv: '/bin/sh|-e|/opt/flag.sh', exe: '/usr/bin/dash' }, true],
  ['a script with another flag', '/opt/run.sh', { argv: 'sh|-x|/opt/run.sh', exe: '/usr/bin/dash' }, true],
  [
    'a shell that runs the script as a command',
    '/opt/run.sh',
    { argv: 'sh|-c|/opt/run.sh', exe: '/usr/bin/dash' },
    false,
  ],
  ['a login shell that does', '/opt/run.sh', { argv: 'bash|-lc|/opt/run.sh', exe: '/usr/bin/bash' }, false],
  ['an editor on the script', '/opt/run.sh', { argv: 'vi|/opt/run.sh', exe: '/usr/bin/vi' }, false],
  ['tail on the script', '/opt/run.sh', { argv: 'tail|-f|/opt/run.sh', exe: '/usr/bin/tail' }, false],
  [
    'a busybox applet with the interpreter’s executable',
    '/opt/run.sh',
    { argv: 'vi|/opt/run.sh', exe: '/usr/bin/dash' },
    false,
  ],
  ['another interpreter', '/opt/run.sh', { argv: 'python3|/opt/run.sh', exe: '/usr/bin/python3.11' }, false],
  [
    'the script as a second argument',
    '/opt/run.sh',
    { argv: 'sh|/opt/other.sh|/opt/run.sh', exe: '/usr/bin/dash' },
    false,
  ],
  ['the interpreter alone', '/opt/run.sh', { argv: '/bin/sh', exe: '/usr/bin/dash' }, false],
  ['a script by env', '/opt/app.py', { argv: 'python3|/opt/app.py', exe: '/usr/bin/python3.11' }, true],
  [
    'a script by env, with its version',
    '/opt/app.py',
    { argv: 'python3.11|/opt/app.py', exe: '/usr/bin/python3.11' },
    true,
  ],
  [
    'a script by env -S',
    '/opt/envs.py',
    { argv: 'python3|-u|/opt/envs.py', exe: '/usr/bin/python3.11' },
    true,
  ],
  [
    'a script through a linked interpreter',
    '/opt/direct.py',
    { argv: '/usr/bin/python3|-u|/opt/direct.py', exe: '/usr/bin/python3.11' },
    true,
  ],
  [
    'a module of the same name',
    '/opt/app.py',
    { argv: 'python3|-m|/opt/app.py', exe: '/usr/bin/python3.11' },
    false,
  ],
  ['the base name of argv[0]', 'java', { argv: '/usr/bin/java|-jar', comm: 'x' }, true],
  ['argv[0] without a path', 'java', { argv: 'java|-jar', comm: 'x' }, true],
  ['only a part of the base name', 'java', { argv: '/usr/bin/javac', comm: 'javac' }, false],
  ['the letter case', 'Java', { argv: '/usr/bin/java', comm: 'java' }, false],
  ['comm', 'nginx', { argv: 'nginx: master process /usr/sbin/nginx', comm: 'nginx' }, true],
  ['comm of a process without a command line', 'nginx', { argv: '', comm: 'nginx' }, true],
  ['comm of exactly 15 bytes', 'exactly15bytes_', { argv: 'x', comm: 'exactly15bytes_' }, true],
  ['comm cut from a longer name', 'sixteen_bytes_ab', { argv: 'x', comm: 'sixteen_bytes_a' }, false],
  [
    'a NAME longer than comm by argv[0]',
    'sixteen_bytes_ab',
    { argv: '/opt/sixteen_bytes_ab', comm: 'sixteen_bytes_a' },
    true,
  ],
  [
    'comm of 16 bytes, which the kernel never has',
    'sixteen_bytes_ab',
    { argv: 'x', comm: 'sixteen_bytes_ab' },
    false,
  ],
  ['an argument that equals NAME', 'java', { argv: 'grep|java', comm: 'grep' }, false],
];

for (const [what, name, process, expected] of CASES) {
  test(`${what}: ${name} ${expected ? 'fits' : 'does not fit'} ${process.argv || '(nothing)'}`, () => {
    assert.equal(isMatch(name, process), expected);
  });
}

const STRINGS: readonly (readonly [strings: readonly string[], argv: string, expected: boolean])[] = [
  [['apache', 'tomcat'], 'java|-Dx=/usr/share/tomcat10|org.apache.catalina', true],
  [['tomcat', 'apache'], 'java|-Dx=/usr/share/tomcat10|org.apache.catalina', true],
  [['apache', 'tomcat'], 'java|org.apache.activemq', false],
  [['Tomcat'], 'java|tomcat', false],
  [['-jar app'], 'java|-jar|app.jar', true],
  [['日本'], 'java|-Dname=日本語', true],
  [['a\nb'], 'java|a\nb', true],
  [['x'.repeat(300_000)], `java|${'x'.repeat(300_000)}`, true],
];

for (const [strings, argv, expected] of STRINGS) {
  test(`include_strings=${strings.join('&').slice(0, 40)} ${expected ? 'fit' : 'do not fit'} ${argv.slice(0, 60)}`, () => {
    assert.equal(isMatch('java', { argv }, strings), expected);
  });
}

test('include_strings fit nothing whose command line is empty', () => {
  assert.equal(isMatch('java', { argv: '', comm: 'java' }, ['x']), false);
});

test('when the links of NAME are switched, the old target still fits', () => {
  const before = nameIn(system, '/usr/bin/java');
  disk.set('/etc/alternatives/java', '-> /usr/lib/jvm/java-21/bin/java');
  disk.set('/usr/lib/jvm/java-21/bin/java', '\x7fELF');
  const after = nameIn(system, '/usr/bin/java', before);
  for (const version of ['17', '21']) {
    const exe = `/usr/lib/jvm/java-${version}/bin/java`;
    assert.ok(matches({ ...ANY, name: after }, { ...NOBODY, exe: () => exe }));
  }
});
