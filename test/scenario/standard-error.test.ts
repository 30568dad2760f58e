// Standard error of every kind, with a reader that has gone or never reads: lines are dropped, pcheck goes on.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { padmin, showPent } from '../harness/programs.ts';
import { isBlocking } from '../harness/socket-pair.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

const { O_RDONLY, O_RDWR, O_WRONLY, O_NONBLOCK } = constants;

/** pcheck with this as its standard error; what it logs is in a JSON file too. */
function startWith(workspace: Workspace, pfile: string, stderr: number | 'pipe', shell?: string) {
  const words = [
    resolve('bin/pcheck'),
    '-f',
    pfile,
    '--no-syslog',
    '-v',
    '--json-log',
    workspace.path('log'),
  ];
  const command = shell === undefined ? words : ['/bin/sh', '-c', `${shell}; exec "$0" "$@"`, ...words];
  const child = spawn(command[0] ?? '', command.slice(1), {
    env: workspace.environment,
    stdio: ['ignore', 'ignore', stderr],
  });
  const ended = new Promise<number | null>((done) => child.on('exit', (status) => done(status)));
  const log = workspace.path('log');
  const ids = () =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .split('\n')
          .slice(0, -1)
          .map((line): string => JSON.parse(line).id)
      : [];
  return { child, ended, ids };
}

/** Its service is killed twice and comes back twice, and it can be asked and ended. */
async function worksOn(
  workspace: Workspace,
  pfile: string,
  { child, ended, ids }: ReturnType<typeof startWith>,
  beforeItsEnd: () => void = () => undefined,
): Promise<void> {
  const ups = () => ids().filter((id) => id === 'up').length;
  await until('the service is up', () => ups() === 1);
  for (const count of [2, 3]) {
    process.kill(Number(showPent(workspace, pfile)['pid']), 'SIGKILL');
    await until('the service is up again', () => ups() === count);
  }
  assert.equal(padmin(workspace, '-f', pfile, '-c', 'reload').status, 0);
  beforeItsEnd();
  child.kill('SIGTERM');
  assert.equal(await ended, 0);
}

function prepared(t: TestContext): [Workspace, string] {
  const workspace = createWorkspace(t);
  // The empty option is a warning, so that one is told at the start too.
  return [workspace, oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=2:restart_interval=0:')];
}

/** A FIFO whose two ends are in the test's hands. */
function fifo(t: TestContext, workspace: Workspace) {
  const path = workspace.path('fifo');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, O_RDONLY | O_NONBLOCK);
  const writer = openSync(path, O_WRONLY);
  t.after(() => closeSync(writer));
  return { path, reader, writer };
}

test('a pipe that is full and that nobody reads blocks nothing, from the start on', async (t) => {
  const [workspace, pfile] = prepared(t);
  const { path, reader, writer } = fifo(t, workspace);
  t.after(() => closeSync(reader));
  const filler = openSync(path, O_RDWR | O_NONBLOCK);
  assert.throws(() => {
    for (;;) writeSync(filler, 'x'.repeat(4096));
  }, /EAGAIN/);
  closeSync(filler);
  const running = startWith(workspace, pfile, writer);
  await until('it has warned of the pfile', () => running.ids().includes('pfileWarning'));
  await worksOn(workspace, pfile, running);
  assert.equal(isBlocking(writer), true, 'others who have it wait as before');
});

test('a pipe whose reader has gone drops lines and does not end pcheck', async (t) => {
  const [workspace, pfile] = prepared(t);
  const { reader, writer } = fifo(t, workspace);
  const running = startWith(workspace, pfile, writer);
  await until('pcheck has started', () => running.ids().includes('up'));
  closeSync(reader);
  await worksOn(workspace, pfile, running);
});

test('a pipe whose reader has gone before pcheck starts does not keep it from starting', async (t) => {
  const [workspace, pfile] = prepared(t);
  const { reader, writer } = fifo(t, workspace);
  closeSync(reader);
  await worksOn(workspace, pfile, startWith(workspace, pfile, writer));
});

test('no standard error at all does not keep pcheck from its work', async (t) => {
  const [workspace, pfile] = prepared(t);
  await worksOn(workspace, pfile, startWith(workspace, pfile, 'pipe', 'exec 2>&-'));
});

// As a journal that is stuck: the other end of a stream socket.
const FILLS_SOCKET =
  'timeout 1 head -c 1000000 /dev/zero >&2; timeout 1 dd if=/dev/zero bs=1 status=none >&2';

test('a socket that is full and that nobody reads blocks nothing, and stays as it is for others who have it', async (t) => {
  const [workspace, pfile] = prepared(t);
  const running = startWith(workspace, pfile, 'pipe', FILLS_SOCKET);
  const kind = spawnSync('readlink', [`/proc/${running.child.pid}/fd/2`], { encoding: 'utf8' }).stdout;
  assert.match(kind, /^socket:/, 'what node calls a pipe is a socket');
  await worksOn(workspace, pfile, running, () => assert.equal(isBlocking(2, running.child.pid), true));
});
