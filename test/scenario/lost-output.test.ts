// What a program says to standard output is an answer: when it is lost, the program does not end with 0 (SPEC 5, 6).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { padmin, pcheck, run, showPent, startPcheck } from '../harness/programs.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

async function watched(t: TestContext): Promise<{ workspace: Workspace; pfile: string }> {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=0');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/Up/);
  return { workspace, pfile };
}

/** Every kind of output, the last commands change something. */
function commands(pfile: string): readonly (readonly [program: 'pcheck' | 'padmin', ...words: string[]])[] {
  return [
    ['pcheck', '--help'],
    ['pcheck', '--version'],
    ['pcheck', '-t', '-f', pfile],
    ['padmin', '--help'],
    ['padmin', '-V'],
    ['padmin', '-f', pfile, '-c', 'show', 'pent'],
    ['padmin', '-f', pfile, '-c', 'show', 'pent', '--json'],
    ['padmin', '-f', pfile, '-c', 'show', 'pent', '--last'],
    ['padmin', '-f', pfile, '-c', 'show', 'param'],
    ['padmin', '-f', pfile, '-c', 'reload'],
    ['padmin', '-f', pfile, '-c', 'stop'],
  ];
}

const LOST: readonly (readonly [what: string, redirection: string, code: string])[] = [
  ['on a full disk', '>/dev/full', 'ENOSPC'],
  ['that is closed', '>&-', 'EBADF'],
  ['that is closed, as all is', '<&- >&- 2>&-', ''],
  ['that is only for reading', '1</dev/null', 'EBADF'],
];

for (const [what, redirection, code] of LOST) {
  test(`74: a standard output ${what}; what was asked for is done`, async (t) => {
    const { workspace, pfile } = await watched(t);
    for (const [program, ...words] of commands(pfile)) {
      const command = [
        '/bin/sh',
        '-c',
        `exec "$0" "$@" ${redirection}`,
        resolve(`bin/${program}`),
        ...words,
      ] as const;
      const { status, stderr } = run(workspace, command);
      assert.equal(status, 74, `${program} ${words.join(' ')}: ${stderr}`);
      if (code !== '')
        assert.match(stderr, new RegExp(`^${program}: cannot write to standard output: ${code}$`, 'm'));
    }
    assert.equal(showPent(workspace, pfile)['monitor_sts'], 'off');
  });
}

test('a reader that has gone away ends them as it ends any other program, by SIGPIPE', async (t) => {
  const { workspace, pfile } = await watched(t);
  for (const [program, ...words] of commands(pfile)) {
    const child = spawn(resolve(`bin/${program}`), words, {
      env: workspace.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let complaint = '';
    child.stderr.on('data', (data: Buffer) => {
      complaint += data.toString();
    });
    const end = await new Promise((done) => child.on('close', (status, signal) => done(status ?? signal)));
    assert.equal(end, 'SIGPIPE', `${program} ${words.join(' ')}: ${complaint}`);
    assert.doesNotMatch(complaint, /standard output/);
  }
  assert.equal(showPent(workspace, pfile)['monitor_sts'], 'off');
});

test('a reader that takes the first line only has it', async (t) => {
  const { workspace, pfile } = await watched(t);
  const command = `'${resolve('bin/padmin')}' -f '${pfile}' -c show pent | head -n 1`;
  assert.match(run(workspace, ['/bin/sh', '-c', command]).stdout, /^pname +=.*\n$/);
});

test('a complaint that nobody reads changes no status', (t) => {
  const workspace = createWorkspace(t);
  const missing = workspace.path('missing');
  assert.equal(padmin(workspace, '-f', missing, '-c', 'stop').status, 66);
  assert.equal(pcheck(workspace, '-f', missing).status, 66);
  for (const program of ['padmin', 'pcheck']) {
    for (const redirection of ['2>/dev/full', '2>&-']) {
      const words = ['/bin/sh', '-c', `exec "$0" -f "$1" -c stop ${redirection}`] as const;
      const asked =
        program === 'padmin' ? words : (['/bin/sh', '-c', `exec "$0" -f "$1" ${redirection}`] as const);
      assert.equal(run(workspace, [...asked, resolve(`bin/${program}`), missing]).status, 66);
    }
  }
});
