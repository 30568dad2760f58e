// The built programs on their command lines: exit statuses, and what they say, for everything that goes wrong
// before and around the watching.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { padmin, pcheck, showPent, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, startedFrom, type Workspace } from '../harness/workspace.ts';

function param(workspace: Workspace, ipckey = workspace.ipckey, dump = 'dump'): string {
  return `IPCKEY ${ipckey}\nMONITOR_INTERVAL 0.3\nSHM_DUMP_FILE ${workspace.path(dump)}\n`;
}

/** A pfile with one entry that watches this very test's Node process. */
function goodPfile(workspace: Workspace, name = 'pfile', ipckey?: string, dump?: string): string {
  const script = workspace.write('start.sh', '#!/bin/sh\n', 0o755);
  return workspace.write(
    name,
    `${param(workspace, ipckey, dump)}${process.execPath}:${script}::0:continue\n`,
  );
}

test('five mistakes in a pfile give five diagnostics with line and column, status 65, and nothing starts', (t) => {
  const workspace = createWorkspace(t);
  const script = workspace.write('start.sh', '#!/bin/sh\n', 0o755);
  const pfile = workspace.write(
    'pfile',
    [
      'IPCKEY 0x100000000',
      'MONITOR_INTERVA 10',
      `SHM_DUMP_FILE ${workspace.path('dump')}`,
      `java:relative.sh:86400:3:exit`,
      `nginx:${script}:86400:-1:exit`,
      `cron:${script}:86400:3:exit:include_string=a`,
      '',
    ].join('\n'),
  );
  for (const words of [
    ['-f', pfile],
    ['-t', '-f', pfile],
  ]) {
    const { status, stdout, stderr } = pcheck(workspace, ...words, '--no-syslog');
    assert.equal(status, 65);
    assert.equal(stdout, '');
    const places = stderr.match(/^.*?:\d+:\d+: error: /gm);
    assert.deepEqual(places, [
      `${pfile}:1:8: error: `,
      `${pfile}:2:1: error: `,
      `${pfile}:4:6: error: `,
      `${pfile}:5:${`nginx:${script}:86400:`.length + 1}: error: `,
      `${pfile}:6:${`cron:${script}:86400:3:exit:`.length + 1}: error: `,
    ]);
    assert.equal(stderr.match(/^\s*\^$/gm)?.length, 5, 'each with a caret');
    assert.match(stderr, /MONITOR_INTERVAL\?/);
    assert.match(stderr, /include_strings\?/);
  }
  assert.deepEqual(startedFrom(workspace), []);
  assert.ok(!existsSync(workspace.path('dump')));
});

test('a pfile and a script that others could change are refused, status 65, and nothing starts', (t) => {
  const workspace = createWorkspace(t);
  const pfile = goodPfile(workspace);
  chmodSync(pfile, 0o664);
  chmodSync(workspace.path('start.sh'), 0o777);
  for (const words of [
    ['-f', pfile],
    ['-t', '-f', pfile],
  ]) {
    const { status, stdout, stderr } = pcheck(workspace, ...words, '--no-syslog');
    assert.equal(status, 65);
    assert.equal(stdout, '');
    assert.match(stderr, /pfile:1:1: error: this pfile cannot be trusted: .* \(-rw-rw-r--\): chmod go-w /);
    assert.match(stderr, /pfile:4:\d+: error: SCRIPT .* cannot be trusted: .* \(-rwxrwxrwx\): chmod go-w /);
  }
  assert.deepEqual(startedFrom(workspace), []);
  assert.ok(!existsSync(workspace.path('dump')));
});

test('pcheck -t on a good pfile says so, and warns of entries that hold the same process', (t) => {
  const workspace = createWorkspace(t);
  const script = workspace.write('start.sh', '#!/bin/sh\n', 0o755);
  copyFileSync('/bin/sleep', workspace.path('service'));
  spawn(workspace.path('service'), ['1000'], { env: workspace.environment, stdio: 'ignore' }).unref();
  const pfile = workspace.write(
    'pfile',
    `${param(workspace)}${workspace.path('service')}:${script}:::\nservice:${script}::::include_strings=${workspace.folder}\n`,
  );
  const { status, stdout, stderr } = pcheck(workspace, '-t', '-f', pfile);
  assert.equal(status, 0);
  assert.equal(stdout, `${pfile}: OK, 2 entries\n`);
  assert.match(stderr, /:5: warning: entries 1 and 2 hold the same process/);
});

test('pcheck -t warns of a NAME that is no file, and of arguments in it', (t) => {
  const workspace = createWorkspace(t);
  const script = workspace.write('start.sh', '#!/bin/sh\n', 0o755);
  const pfile = workspace.write(
    'pfile',
    `${param(workspace)}/no/such/daemon:${script}:::\n/bin/sleep 1000:${script}:::\n`,
  );
  const { status, stderr } = pcheck(workspace, '-t', '-f', pfile);
  assert.equal(status, 0);
  assert.match(stderr, /:4: warning: NAME \/no\/such\/daemon is not a file on this machine/);
  assert.match(stderr, /:5: warning: NAME \/bin\/sleep 1000 .* write its arguments as include_strings/);
});

/** Each took more than that by far where a mistake cost its line once more, and an entry all others. */
const SECONDS_FOR_A_MEGABYTE = 10;

for (const [what, status, entries] of [
  ['of 100,000 mistakes in one line', 65, `a:/bin/true:::${':opt=x'.repeat(100_000)}`],
  ['of 40,000 entries', 0, Array.from({ length: 40_000 }, (_, index) => `x${index}:/bin/true:::`).join('\n')],
] as const) {
  test(`pcheck -t on a pfile ${what} has an answer in seconds`, (t) => {
    const workspace = createWorkspace(t);
    const pfile = workspace.write('pfile', `${param(workspace)}${entries}\n`);
    const began = Date.now();
    const tested = pcheck(workspace, '-t', '-f', pfile);
    assert.equal(tested.status, status, tested.stderr.slice(0, 1000));
    const seconds = (Date.now() - began) / 1000;
    assert.ok(seconds < SECONDS_FOR_A_MEGABYTE, `${seconds} s`);
  });
}

test('a pfile that is not there is status 66 for both programs', (t) => {
  const workspace = createWorkspace(t);
  const missing = workspace.path('missing');
  for (const { status, stderr } of [
    pcheck(workspace, '-f', missing, '--no-syslog'),
    padmin(workspace, '-f', missing, '-c', 'stop'),
  ]) {
    assert.equal(status, 66);
    assert.match(stderr, /cannot read the pfile .*missing: there is no such file/);
  }
});

test('what stands in names of files and in answers drives no terminal and forges no line', (t) => {
  const workspace = createWorkspace(t);
  const missing = workspace.path('a\npcheck: all is well\x1b[2J');
  for (const { status, stderr } of [
    pcheck(workspace, '-f', missing, '--no-syslog'),
    pcheck(workspace, '-t', '-f', missing),
    padmin(workspace, '-f', missing, '-c', 'stop'),
  ]) {
    assert.equal(status, 66);
    assert.ok(stderr.includes('a\\x0apcheck: all is well\\x1b[2J'), stderr);
    assert.doesNotMatch(stderr, /(?!\n)\p{Cc}|\n./u);
  }
});

test('a directory for SHM_DUMP_FILE that is not there is status 73', (t) => {
  const workspace = createWorkspace(t);
  const pfile = goodPfile(workspace, 'pfile', workspace.ipckey, 'nowhere/dump');
  for (const words of [
    ['-f', pfile, '--no-syslog'],
    ['-t', '-f', pfile],
  ]) {
    const { status, stderr } = pcheck(workspace, ...words);
    assert.equal(status, 73);
    assert.match(stderr, /nowhere: there is no such directory, make it first/);
  }
});

test('a SHM_DUMP_FILE that is a directory or a device is status 73, and the device stays', (t) => {
  const workspace = createWorkspace(t);
  mkdirSync(workspace.path('there'));
  const directory = goodPfile(workspace, 'pfile', workspace.ipckey, 'there');
  const device = workspace.write(
    'second',
    readFileSync(directory, 'utf8').replace(/^SHM_DUMP_FILE .*/m, 'SHM_DUMP_FILE /dev/null'),
  );
  for (const [pfile, problem] of [
    [directory, /there is a directory: name a file/],
    [device, /null is not a regular file/],
  ] as const) {
    for (const words of [
      ['-f', pfile, '--no-syslog'],
      ['-t', '-f', pfile],
    ]) {
      const { status, stderr } = pcheck(workspace, ...words);
      assert.equal(status, 73);
      assert.match(stderr, problem);
    }
  }
  assert.ok(statSync('/dev/null').isCharacterDevice());
});

test('a JSON log that cannot be opened and a lock that cannot be made are status 73', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = goodPfile(workspace);
  const withoutLog = pcheck(workspace, '-f', pfile, '--no-syslog', '--json-log', workspace.path('no/log'));
  assert.equal(withoutLog.status, 73);
  assert.match(withoutLog.stderr, /cannot open the JSON log .*no\/log: ENOENT/);
  const lock = workspace.socket.replace(/sock$/, 'lock');
  symlinkSync(workspace.path('elsewhere'), lock);
  const withoutLock = pcheck(workspace, '-f', pfile, '--no-syslog');
  rmSync(lock);
  assert.equal(withoutLock.status, 73);
  assert.match(withoutLock.stderr, /cannot make the lock files in .*: ELOOP/);
  assert.ok(!existsSync(workspace.path('elsewhere')));
});

test('a word processor’s dash is named, status 64', (t) => {
  const workspace = createWorkspace(t);
  const { status, stderr } = pcheck(workspace, '\u2013f', 'pfile');
  assert.equal(status, 64);
  assert.match(stderr, /EN DASH/);
});

test('padmin for a pfile without a pcheck says so in one line, status 1', (t) => {
  const workspace = createWorkspace(t);
  const { status, stdout, stderr } = padmin(workspace, '-f', goodPfile(workspace), '-c', 'show', 'pent');
  assert.deepEqual([status, stdout], [1, '']);
  assert.match(stderr, /^padmin: no pcheck is running for .*\n$/);
});

test('a second pcheck with the same IPCKEY or dump file ends with status 75 and names the first', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = goodPfile(workspace);
  const first = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await first.logged(/started/);
  const other = `0x${(Number(workspace.ipckey) ^ 0x800000).toString(16)}`;
  const sameKey = goodPfile(workspace, 'same-key', workspace.ipckey, 'dump2');
  const sameDump = goodPfile(workspace, 'same-dump', other);
  const others = [
    [pfile, 'IPCKEY'],
    [sameKey, 'IPCKEY'],
    [sameDump, 'SHM_DUMP_FILE'],
  ] as const;
  const seconds = others.map(([path]) => startPcheck(workspace, ['-f', path, '--no-syslog']));
  for (const [index, second] of seconds.entries()) {
    assert.equal(await second.ended, 75);
    const holder = `already running: another pcheck (pid ${first.pid}, pfile ${pfile}) holds ${others[index]?.[1]}`;
    assert.ok(second.stderr().includes(holder), second.stderr());
  }
  const { status, stderr } = padmin(workspace, '-f', sameKey, '-c', 'shutdown');
  assert.equal(status, 1, 'another pfile under the same IPCKEY is refused');
  assert.match(stderr, /runs for another pfile/);
  first.signal('SIGTERM');
  assert.equal(await first.ended, 0);
});

test('a pcheck that was killed leaves nothing that keeps the next one from starting', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = goodPfile(workspace);
  const first = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await first.logged(/Up/);
  first.signal('SIGKILL');
  await first.ended;
  const second = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await second.logged(/took up 1 entries/);
  second.signal('SIGTERM');
  assert.equal(await second.ended, 0);
});

test('a broken pfile does not keep padmin from stop and shutdown', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = goodPfile(workspace);
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/Up/);
  workspace.write('pfile', `rubbish\nIPCKEY ${workspace.ipckey}\nmore rubbish:`);
  assert.equal(padmin(workspace, '-f', pfile, '-c', 'stop').status, 0);
  assert.equal(showPent(workspace, pfile)['monitor_sts'], 'off');
  assert.equal(padmin(workspace, '-f', pfile, '-c', 'shutdown').status, 0);
  assert.equal(await running.ended, 0);
});

test('clients that hang, flood or talk rubbish disturb nothing', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = goodPfile(workspace);
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/Up/);
  const sockets = [undefined, 'rubbish\n', 'x'.repeat(1_000_000), '{"protocol":1}\n', '\0\xff\n'].map(
    (text) => {
      const socket = connect(workspace.socket);
      // The other end may hang up on what we send.
      socket.on('error', () => socket.destroy());
      if (text !== undefined) socket.write(text);
      return socket;
    },
  );
  assert.equal(showPent(workspace, pfile)['proc_sts'], 'AVAIL');
  for (const socket of sockets) socket.destroy();
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

test('closing standard error does not end pcheck, and neither does a full pipe', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = goodPfile(workspace);
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog', '-v']);
  await running.logged(/Up/);
  running.child.stderr?.destroy();
  padmin(workspace, '-f', pfile, '-c', 'stop');
  padmin(workspace, '-f', pfile, '-c', 'start');
  assert.equal(showPent(workspace, pfile)['monitor_sts'], 'on');
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

test('a stray SIGUSR1 or SIGUSR2 neither ends pcheck nor opens a debugger’s port, and SIGHUP is a reload', async (t) => {
  const workspace = createWorkspace(t);
  const running = startPcheck(workspace, ['-f', goodPfile(workspace), '--no-syslog']);
  await running.logged(/Up/);
  for (const name of ['SIGUSR1', 'SIGUSR2', 'SIGHUP'] as const) running.signal(name);
  await running.logged(/pfile read again: 1 entries kept, 0 added, 0 removed/);
  assert.doesNotMatch(running.stderr(), /Debugger/);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

test('the JSON log holds every message with its id and values', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = goodPfile(workspace);
  const file = workspace.path('log.json');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog', '--json-log', file]);
  await running.logged(/Up/);
  running.signal('SIGTERM');
  await running.ended;
  const ids = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id);
  assert.deepEqual(ids, ['started', 'up', 'sigterm', 'stopped']);
});

test('a restart script inherits no descriptor, lives in a session of its own, and writes beside the dump file', async (t) => {
  const workspace = createWorkspace(t);
  mkdirSync(workspace.path('out'));
  const script = workspace.write(
    'start.sh',
    '#!/bin/sh\nls -l /proc/$$/fd; pwd; cut -d" " -f5,6 /proc/$$/stat; echo pid $$; ulimit -Sn; env\n',
    0o755,
  );
  const pfile = workspace.write(
    'pfile',
    `${param(workspace, workspace.ipckey, 'out/dump')}/nowhere/daemon:${script}:86400:1:continue:start_wait=0\n`,
  );
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  const output = workspace.path('out/dump.1.out');
  await until(
    'the script has written',
    () => existsSync(output) && /PSAVER_RUN=/.test(readFileSync(output, 'utf8')),
  );
  const text = readFileSync(output, 'utf8');
  const descriptors = [...text.matchAll(/ (\d+) -> (\S+)/g)].map(
    ([, number, target]) => `${number} ${target}`,
  );
  assert.deepEqual(descriptors.filter((line) => !line.includes('start.sh')).sort(), [
    '0 /dev/null',
    `1 ${output}`,
    `2 ${output}`,
  ]);
  assert.match(text, /^\/$/m);
  const pid = /^pid (\d+)$/m.exec(text)?.[1];
  assert.match(text, new RegExp(`^${pid} ${pid}$`, 'm'), 'process group and session are its own');
  assert.doesNotMatch(text, /^NODE_/m);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

test('with no descriptor left nobody is taken for dead, and pcheck still ends with its status', async (t) => {
  const workspace = createWorkspace(t);
  copyFileSync('/bin/sleep', workspace.path('service'));
  const script = workspace.write('start.sh', '#!/bin/sh\n', 0o755);
  const pfile = workspace.write(
    'pfile',
    `${param(workspace)}${workspace.path('service')}:${script}::3:exit\n`,
  );
  const service = spawn(workspace.path('service'), ['1000'], { env: workspace.environment, stdio: 'ignore' });
  await new Promise((resolve) => service.once('spawn', resolve));
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/Up/);
  const soft = (limit: number) => spawnSync('prlimit', ['--pid', String(running.pid), `--nofile=${limit}:`]);
  assert.equal(soft(3).status, 0);
  await running.logged(/cannot look at the processes: Error: EMFILE/);
  soft(1024);
  await until('padmin answers again', () => showPent(workspace, pfile)['proc_sts'] === 'AVAIL');
  assert.equal(showPent(workspace, pfile)['restart_count'], '0');
  soft(3);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
  assert.doesNotMatch(running.stderr(), /Down/);
});
