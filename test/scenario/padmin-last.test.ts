// padmin show pent --last on the built programs: the last dump, with and without a pcheck, and everything that
// may lie in its place.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type TestContext, test } from 'node:test';
import { pentsJsonSchema } from '../../src/control/json.ts';
import { dumpText, parseDump } from '../../src/entry/dump.ts';
import { type Output, padmin, startPcheck } from '../harness/programs.ts';
import { PENT_REPORT, SNAPSHOT } from '../harness/reports.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

const SKIPPED_UNLESS_ROOT = process.getuid?.() === 0 ? false : 'only root can give a file away';

/** With two entries: this test's own Node process, and one that is not there. */
function writePfile(workspace: Workspace): string {
  const script = workspace.write('start.sh', '#!/bin/sh\n', 0o755);
  return workspace.write(
    'pfile',
    [
      `IPCKEY ${workspace.ipckey}`,
      'MONITOR_INTERVAL 0.3',
      `SHM_DUMP_FILE ${workspace.path('dump')}`,
      `${process.execPath}:${script}::0:continue`,
      `/nowhere/daemon:${script}::0:continue:start_wait=0`,
      '',
    ].join('\n'),
  );
}

function last(workspace: Workspace, ...words: readonly string[]): Output {
  return padmin(workspace, '-f', workspace.path('pfile'), '-c', 'show', 'pent', '--last', ...words);
}

/** A pfile and, in place of its dump, what a pcheck with pid 77 would have written. */
function withDump(t: TestContext, change: object = {}): Workspace {
  const workspace = createWorkspace(t);
  const pfile = writePfile(workspace);
  workspace.write('dump', dumpText({ ...SNAPSHOT, pfile, ...change }), 0o600);
  return workspace;
}

test('--last shows the same as a live answer while pcheck runs, and still when it was killed', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = writePfile(workspace);
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/RETRY_OVER:CONTINUE/);
  const live = padmin(workspace, '-f', pfile, '-c', 'show', 'pent');
  assert.match(live.stdout, /^proc_sts {8}= UNAVAIL$/m);
  await until('the dump has been written', () => last(workspace).stdout === live.stdout);
  running.signal('SIGKILL');
  await running.ended;

  const whole = last(workspace);
  assert.deepEqual([whole.status, whole.stdout], [0, live.stdout]);
  const remark = new RegExp(
    `^padmin: last state of pcheck pid ${running.pid} \\(psaver [^ ]+\\), written \\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}\\n$`,
  );
  assert.match(whole.stderr, remark);

  const second = last(workspace, '-i', '2');
  assert.equal(second.stdout, live.stdout.split('\n\n')[1]);
  const unknown = last(workspace, '-i', '3');
  assert.deepEqual([unknown.status, unknown.stdout], [64, '']);
  assert.equal(unknown.stderr, 'padmin: there is no pent_id 3 (1 to 2)\n');

  const { stdout, stderr } = last(workspace, '--json', '-i', '2');
  assert.equal(stderr, '');
  const document = pentsJsonSchema.parse(JSON.parse(stdout));
  assert.deepEqual([document.source, document.pcheck_pid, document.pfile], ['dump', running.pid, pfile]);
  const dump = parseDump(readFileSync(workspace.path('dump'), 'utf8'));
  assert.ok(!('problem' in dump));
  assert.equal(Date.parse(document.state_time), dump.takenAt);
  assert.deepEqual(
    document.pents.map(({ pent_id, phase }) => [pent_id, phase]),
    [[2, 'absent']],
  );
});

test('after an ordinary end --last shows the state at that end', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = writePfile(workspace);
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/RETRY_OVER:CONTINUE/);
  assert.equal(padmin(workspace, '-f', pfile, '-c', 'stop', '-i', '1').status, 0);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
  await until('the last dump has been written', () => /= off$/m.test(last(workspace, '-i', '1').stdout));
});

test('a pfile that is broken elsewhere, IPCKEY included, does not keep --last from its work', (t) => {
  const workspace = withDump(t);
  workspace.write('pfile', `rubbish\nIPCKEY none\nSHM_DUMP_FILE ${workspace.path('dump')}\n:::\n`);
  assert.equal(last(workspace).status, 0);
});

test('without a pcheck show pent hints at --last in its one line, and other commands do not', (t) => {
  const workspace = createWorkspace(t);
  const pfile = writePfile(workspace);
  const show = padmin(workspace, '-f', pfile, '-c', 'show', 'pent');
  assert.deepEqual([show.status, show.stdout], [1, '']);
  assert.match(show.stderr, /^padmin: no pcheck is running for .*--last.*\n$/);
  const stop = padmin(workspace, '-f', pfile, '-c', 'stop');
  assert.equal(stop.status, 1);
  assert.doesNotMatch(stop.stderr, /--last/);
});

test('--last with any other command is status 64, and nothing is done', (t) => {
  const workspace = withDump(t);
  const { status, stdout, stderr } = padmin(workspace, '-f', workspace.path('pfile'), '-c', 'stop', '--last');
  assert.deepEqual([status, stdout], [64, '']);
  assert.match(stderr, /^padmin: --last does not go with "stop".*nothing was done\n$/);
});

type Case = {
  readonly what: string;
  readonly status: number;
  readonly text: RegExp;
  readonly change?: object;
  readonly skip?: string | false;
  put?(dump: string, workspace: Workspace): void;
};

const CASES: readonly Case[] = [
  {
    what: 'nothing',
    status: 1,
    text: /there is no dump .*: no pcheck has written one/,
    put: (dump) => rmSync(dump),
  },
  { what: 'a file in place of its directory', status: 1, text: /there is no dump/, put: throughFile },
  { what: 'an empty file', status: 65, text: /it is empty/, put: (dump) => truncateSync(dump) },
  {
    what: 'a torn dump',
    status: 65,
    text: /it is torn, or no dump file/,
    put: (dump) => truncateSync(dump, 300),
  },
  {
    what: 'rubbish',
    status: 65,
    text: /it is torn, or no dump file/,
    put: (dump) => writeFileSync(dump, '\0\xff'),
  },
  {
    what: 'another program’s JSON',
    status: 65,
    text: /it is no dump file of pcheck/,
    put: (dump) => writeFileSync(dump, '{}'),
  },
  {
    what: 'a dump of another pfile',
    status: 65,
    text: /it is of another pfile, \/etc\/o\\x1bther/,
    change: { pfile: '/etc/o\u001bther' },
  },
  {
    what: 'a dump of another version',
    status: 65,
    text: /it is of another version of psaver/,
    put: (dump) => writeFileSync(dump, '{"format":"psaver.dump/99"}'),
  },
  {
    what: 'a value that pcheck does not write',
    status: 65,
    text: /takenAt is not what pcheck writes there/,
    change: { takenAt: 1e300 },
  },
  {
    what: 'a FIFO',
    status: 65,
    text: /it is not a regular file/,
    put: (dump) => replaced(dump, () => execFileSync('mkfifo', [dump])),
  },
  {
    what: 'a directory',
    status: 65,
    text: /it is a directory/,
    put: (dump) => replaced(dump, () => mkdirSync(dump)),
  },
  { what: 'a link to a good dump', status: 65, text: /it is a symbolic link/, put: linked },
  {
    what: 'a link to itself',
    status: 65,
    text: /it is a symbolic link/,
    put: (dump) => replaced(dump, () => symlinkSync('dump', dump)),
  },
  {
    what: 'a loop of links in its path',
    status: 66,
    text: /cannot read the dump .*: too many symbolic links/,
    put: throughLoop,
  },
  {
    what: 'a huge file',
    status: 65,
    text: /it is larger than 64 MiB/,
    put: (dump) => truncateSync(dump, 2 ** 40),
  },
  {
    what: 'a file of /proc that never ends',
    status: 65,
    text: /it is empty/,
    put: (_, workspace) => named(workspace, '/proc/self/pagemap'),
  },
  {
    what: 'a dump that others may write to',
    status: 65,
    text: /others may write to it \(-rw--w--w-\)/,
    put: (dump) => chmodSync(dump, 0o622),
  },
  {
    what: 'a dump of somebody else',
    status: 65,
    text: /it belongs to uid 12345: ask as that user/,
    skip: SKIPPED_UNLESS_ROOT,
    put: (dump) => chownSync(dump, 12345, 12345),
  },
  {
    what: 'a pfile without SHM_DUMP_FILE',
    status: 65,
    text: /no valid SHM_DUMP_FILE line/,
    put: (_, workspace) => named(workspace, 'relative'),
  },
  {
    what: 'a pfile that is a directory',
    status: 66,
    text: /cannot read the pfile .*: it is a directory/,
    put: (_, { path }) => replaced(path('pfile'), () => mkdirSync(path('pfile'))),
  },
];

for (const { what, status, text, change, skip = false, put } of CASES) {
  test(`--last with ${what} is status ${status} and one clear line`, { skip }, (t) => {
    const workspace = withDump(t, change);
    put?.(workspace.path('dump'), workspace);
    const { status: seen, stdout, stderr } = last(workspace);
    assert.deepEqual([seen, stdout], [status, ''], stderr);
    assert.match(stderr, text);
    assert.match(stderr, /^padmin: \P{Cc}+\n$/u);
  });
}

test('no value of a dump reaches the terminal raw, neither as text nor as JSON', (t) => {
  const evil = 'x\u001b[2J\u009b2J\u007f\u202e\npid = 1';
  const workspace = withDump(t, { version: evil, pents: [{ ...PENT_REPORT, name: evil, reason: evil }] });
  for (const words of [[], ['--json']]) {
    const { status, stdout, stderr } = last(workspace, ...words);
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stdout.replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
    assert.match(stderr, /^(padmin: [^\p{Cc}\p{Cf}]+\n)?$/u);
  }
  assert.equal(last(workspace).stdout.match(/^pid /gm)?.length, 1);
});

test('a dump of more than a MiB is shown whole', (t) => {
  const pents = Array.from({ length: 2500 }, (_, index) => ({ ...PENT_REPORT, pentId: index + 1 }));
  const workspace = withDump(t, { pents });
  assert.ok(statSync(workspace.path('dump')).size > 1024 * 1024);
  const { status, stdout } = last(workspace);
  assert.equal(status, 0);
  assert.equal(stdout.split('\n\n').length, 2500);
});

function replaced(path: string, make: () => void): void {
  rmSync(path);
  make();
}

function linked(dump: string, { path }: Workspace): void {
  writeFileSync(path('elsewhere'), readFileSync(dump), { mode: 0o600 });
  replaced(dump, () => symlinkSync(path('elsewhere'), dump));
}

/** The pfile names this dump instead. */
function named(workspace: Workspace, dump: string): void {
  workspace.write('pfile', `SHM_DUMP_FILE ${dump}\n`);
}

function throughFile(dump: string, workspace: Workspace): void {
  named(workspace, `${dump}/dump`);
}

function throughLoop(_: string, workspace: Workspace): void {
  symlinkSync('loop', workspace.path('loop'));
  named(workspace, `${workspace.path('loop')}/dump`);
}
