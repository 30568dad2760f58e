// Every exit status of padmin, from the built program (docs/reference/exit-statuses.md). Those of --last:
// padmin-last.test.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import { paramJsonSchema, pentsJsonSchema } from '../../src/control/json.ts';
import { COMMANDS, type CommandName } from '../../src/control/question.ts';
import { EXITS } from '../../src/program/exit.ts';
import { padmin, type RunningPcheck, run, startPcheck } from '../harness/programs.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

/** Two entries that watch this test's own Node process, told apart by what cannot matter; a patient padmin. */
function writePfile(workspace: Workspace, name = 'pfile', waitSeconds = 60): string {
  const script = workspace.write('start.sh', '#!/bin/sh\n', 0o755);
  const entry = `${process.execPath}:${script}::0:continue`;
  return workspace.write(
    name,
    [
      `IPCKEY ${workspace.ipckey}`,
      `MSG_CHECK_INTERVAL ${waitSeconds}`,
      'MONITOR_INTERVAL 0.3',
      `SHM_DUMP_FILE ${workspace.path('dump')}`,
      entry,
      `${entry}:include_strings=test`,
      '',
    ].join('\n'),
  );
}

async function runningPcheck(
  t: TestContext,
): Promise<{ workspace: Workspace; pfile: string; pcheck: RunningPcheck }> {
  const workspace = createWorkspace(t);
  const pfile = writePfile(workspace);
  const pcheck = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await pcheck.logged(/started/);
  return { workspace, pfile, pcheck };
}

function words(command: CommandName): string[] {
  return ['-c', ...command.split(' ')];
}

test('0: every command is done, --help and --version are shown', async (t) => {
  const { workspace, pfile, pcheck } = await runningPcheck(t);
  for (const command of COMMANDS) {
    const { status, stdout, stderr } = padmin(workspace, '-f', pfile, ...words(command));
    assert.deepEqual([status, stderr], [0, ''], command);
    assert.notEqual(stdout, '', command);
  }
  assert.equal(await pcheck.ended, 0);
  assert.match(padmin(workspace, '--version').stdout, /^padmin \(psaver\) \d/);
  const help = padmin(workspace, '--help');
  assert.equal(help.status, 0);
  for (const [status, text] of EXITS.padmin) assert.ok(help.stdout.includes(`${status} ${text}`), text);
});

test('0: what --json prints fits the schemas, and -i narrows it', async (t) => {
  const { workspace, pfile, pcheck } = await runningPcheck(t);
  const before = Date.now();
  const shown = padmin(workspace, '-f', pfile, ...words('show pent'), '--json', '-i', '2');
  assert.equal(shown.stderr, '');
  const pents = pentsJsonSchema.parse(JSON.parse(shown.stdout));
  assert.deepEqual([pents.source, pents.pcheck_pid, pents.pfile], ['live', pcheck.pid, pfile]);
  assert.deepEqual(
    pents.pents.map(({ pent_id }) => pent_id),
    [2],
  );
  const param = paramJsonSchema.parse(
    JSON.parse(padmin(workspace, '-f', pfile, ...words('show param'), '--json').stdout),
  );
  assert.deepEqual([param.pcheck_pid, param.monitor_interval_seconds], [pcheck.pid, 0.3]);
  assert.deepEqual([param.shutdown_command, param.loop_alarm_seconds], [null, 0]);
  for (const { state_time } of [pents, param]) assert.ok(Date.parse(state_time) >= before);
});

test('1: no pcheck runs, for whatever command, also when one has left its socket behind', async (t) => {
  const { workspace, pfile, pcheck } = await runningPcheck(t);
  pcheck.signal('SIGKILL');
  await pcheck.ended;
  assert.ok(existsSync(workspace.socket));
  const leftBehind = padmin(workspace, '-f', pfile, ...words('stop'));
  assert.equal(leftBehind.status, 1);
  rmSync(workspace.socket);
  for (const command of COMMANDS) {
    const { status, stdout, stderr } = padmin(workspace, '-f', pfile, ...words(command));
    assert.deepEqual([status, stdout], [1, ''], command);
    assert.match(stderr, /^padmin: no pcheck is running for [^\n]*\n$/);
  }
});

test('1: the pcheck of this IPCKEY runs for another pfile, and nothing is done to it', async (t) => {
  const { workspace, pfile, pcheck } = await runningPcheck(t);
  const other = writePfile(workspace, 'other');
  for (const command of COMMANDS) {
    const { status, stdout, stderr } = padmin(workspace, '-f', other, ...words(command));
    assert.deepEqual([status, stdout], [1, ''], command);
    assert.equal(stderr, `padmin: the pcheck of this IPCKEY runs for another pfile: ${pfile}\n`);
  }
  pcheck.signal('SIGTERM');
  assert.equal(await pcheck.ended, 0);
  assert.doesNotMatch(pcheck.stderr(), /monitoring off|shutdown/);
});

test('64: a pent_id that the pfile does not have, and nothing is done', async (t) => {
  const { workspace, pfile } = await runningPcheck(t);
  for (const command of ['show pent', 'stop', 'start', 'reset'] as const) {
    const { status, stdout, stderr } = padmin(workspace, '-f', pfile, ...words(command), '-i', '3');
    assert.deepEqual([status, stdout], [64, '']);
    assert.equal(stderr, 'padmin: there is no pent_id 3 (1 to 2)\n');
  }
  assert.doesNotMatch(padmin(workspace, '-f', pfile, ...words('show pent')).stdout, /= off/);
});

for (const [what, line, text] of [
  ['an EN DASH', ['\u2013f', 'p', '-c', 'stop'], /begins with an EN DASH \(U\+2013\).*Type "-f"/],
  ['an EN DASH before the command', ['-f', 'p', '\u2013c', 'stop'], /EN DASH.*Type "-c"/],
  ['no command', ['-f', 'p'], /required option '-c/],
  ['no pfile', ['-c', 'stop'], /required option '-f/],
  ['an unknown command', ['-f', 'p', '-c', 'stpo'], /unknown command "stpo", did you mean "stop"\?/],
  ['an id that is none', ['-f', 'p', '-c', 'stop', '-i', 'x'], /-i expects a pent_id/],
  ['-i where it means nothing', ['-f', 'p', '-c', 'reload', '-i', '1'], /-i does not go with "reload"/],
  ['--json where it means nothing', ['-f', 'p', '-c', 'stop', '--json'], /--json does not go with "stop"/],
] as const) {
  test(`64: ${what}`, (t) => {
    const { status, stdout, stderr } = padmin(createWorkspace(t), ...line);
    assert.deepEqual([status, stdout], [64, '']);
    assert.match(stderr, text);
  });
}

test('65: a pfile without a valid IPCKEY', (t) => {
  const workspace = createWorkspace(t);
  for (const text of ['', 'IPCKEY 0x0\n', 'IPCKEY 12\n', 'SHM_DUMP_FILE /d\n']) {
    const pfile = workspace.write('pfile', text);
    const { status, stdout, stderr } = padmin(workspace, '-f', pfile, ...words('stop'));
    assert.deepEqual([status, stdout], [65, '']);
    assert.match(stderr, /^padmin: .*pfile: no valid IPCKEY line \(expected: IPCKEY 0x1 to 0xffffffff\)\n$/);
  }
});

test('65: the reload of a bad pfile shows all that is wrong with it, and nothing changes', async (t) => {
  const { workspace, pfile } = await runningPcheck(t);
  const good = readFileSync(pfile, 'utf8');
  workspace.write('pfile', `${good}java:relative.sh::3:exit\nnginx:/bin/true::-1:exit\n`);
  const bad = padmin(workspace, '-f', pfile, ...words('reload'));
  assert.deepEqual([bad.status, bad.stdout], [65, '']);
  assert.deepEqual(bad.stderr.match(/pfile:\d+:\d+: error: /g), [
    'pfile:7:6: error: ',
    'pfile:8:18: error: ',
  ]);
  assert.equal(bad.stderr.match(/^\s*\^$/gm)?.length, 2, 'each with a caret');
  assert.match(bad.stderr, /\nnothing has changed\n$/);

  workspace.write('pfile', good.replace('/dump', '/dump2'));
  const moved = padmin(workspace, '-f', pfile, ...words('reload'));
  assert.equal(moved.status, 65);
  assert.match(moved.stderr, /SHM_DUMP_FILE cannot change by a reload/);
  const { stdout } = padmin(workspace, '-f', pfile, ...words('show param'));
  assert.match(stdout, /^shm_dump_file +=.*\/dump$/m);
  assert.equal(padmin(workspace, '-f', pfile, ...words('show pent')).stdout.match(/^pent_id/gm)?.length, 2);
});

test('66: a pfile that cannot be read, also while its pcheck runs', async (t) => {
  const { workspace, pfile } = await runningPcheck(t);
  for (const [path, text] of [
    ['missing', /there is no such file/],
    ['', /it is a directory/],
  ] as const) {
    const { status, stdout, stderr } = padmin(workspace, '-f', workspace.path(path), ...words('stop'));
    assert.deepEqual([status, stdout], [66, '']);
    assert.match(stderr, text);
  }
  rmSync(pfile);
  assert.equal(padmin(workspace, '-f', pfile, ...words('reload')).status, 66);
});

/** Something that is no pcheck, where one would listen. */
async function listen(t: TestContext, { socket }: Workspace, server: Server): Promise<void> {
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(socket, resolve));
}

test('69: one that accepts and never answers is given up after MSG_CHECK_INTERVAL', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = writePfile(workspace, 'pfile', 1);
  // While padmin runs this process stands still, so the connection is accepted by the kernel alone.
  await listen(t, workspace, createServer());
  const { status, stdout, stderr } = padmin(workspace, '-f', pfile, ...words('show pent'));
  assert.deepEqual([status, stdout], [69, '']);
  assert.equal(stderr, `padmin: the pcheck of ${pfile} did not answer in time\n`);
});

test('70: an installation that is not whole says what is missing', (t) => {
  const workspace = createWorkspace(t);
  cpSync('bin', workspace.path('bin'), { recursive: true });
  const half = run(workspace, [workspace.path('bin/padmin'), '--version']);
  assert.equal(half.status, 70);
  assert.match(half.stderr, /^padmin: .*dist\/padmin\.cjs is missing: run npm run build/);
  const bare = { ...workspace, environment: { PATH: workspace.folder } };
  const noNode = run(bare, ['/bin/sh', workspace.path('bin/padmin'), '--version']);
  assert.equal(noNode.status, 70);
  assert.match(noNode.stderr, /^padmin: node is not in PATH/);
});

/** As somebody whom the owner of the runtime directory keeps out; root can be kept out of nothing. */
function asNobody(): readonly [string, ...string[]] | undefined {
  if (process.getuid?.() !== 0) return ['env'];
  const drop = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;
  const [command, ...rest] = drop;
  return spawnSync(command, [...rest, 'node', '--version']).status === 0 ? drop : undefined;
}

const NOBODY = asNobody();
const SKIPPED = NOBODY === undefined && 'needs setpriv, and a node that every user may run';

test('77: a pcheck that belongs to another user', {
  skip: SKIPPED,
}, (t) => {
  const workspace = createWorkspace(t);
  const pfile = writePfile(workspace);
  // Another user may not enter where this repository lies.
  for (const part of ['bin', 'dist']) cpSync(part, workspace.path(part), { recursive: true });
  chmodSync(workspace.folder, 0o755);
  const theirs = workspace.path('psaver');
  mkdirSync(theirs, { recursive: true, mode: 0o700 });
  if (process.getuid?.() !== 0) chmodSync(theirs, 0);
  const result = run(workspace, [
    ...(NOBODY ?? ['env']),
    workspace.path('bin/padmin'),
    '-f',
    pfile,
    ...words('show pent'),
  ]);
  chmodSync(theirs, 0o700);
  assert.deepEqual([result.status, result.stdout], [77, ''], result.stderr);
  assert.equal(result.stderr, `padmin: not permitted: the pcheck of ${pfile} belongs to another user\n`);
});
