// Who may ask a running pcheck, and what those who may not, or do not ask properly, can do to it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { inNamespace, whyNoNamespace } from '../harness/namespaces.ts';
import { oneEntry } from '../harness/one-entry.ts';
import { padmin, run, showPent, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace } from '../harness/workspace.ts';

/** Connects and asks; says how it ended. */
const ASK = `
const socket = require('node:net').connect(process.argv[1]);
let answer = '';
socket.on('error', (error) => console.log('error ' + error.code));
socket.on('connect', () => socket.write(process.argv[2] + '\\n'));
socket.on('data', (data) => { answer += data; });
socket.on('close', () => console.log(answer === '' ? 'no answer' : 'answered'));
`;

const OTHER_UID = 65_534;

test('a request from another uid is refused, where the modes of directory and socket would let it in', {
  skip: whyNoNamespace(),
}, async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
  const running = startPcheck(inNamespace(workspace, 'mount -t tmpfs -o mode=755 tmpfs /run'), [
    '-f',
    pfile,
    '--no-syslog',
  ]);
  await running.logged(/RETRY_OVER/);
  chmodSync(`/proc/${running.pid}/root/run/psaver`, 0o711);
  chmodSync(`/proc/${running.pid}/root${workspace.socket}`, 0o666);
  const request = JSON.stringify({ protocol: 1, pfile, command: 'show pent' });
  function asked(uid: number): string {
    const identity = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
    const client = ['setpriv', ...identity, process.execPath, '-e', ASK, workspace.socket, request] as const;
    const prefix = ['nsenter', `--target=${running.pid}`, '--mount', '--wd=/'] as const;
    const { stdout, stderr } = run({ ...workspace, prefix }, client);
    return stdout.trim() || stderr;
  }
  const mayRunNode = spawnSync(process.execPath, ['-e', ''], { uid: OTHER_UID, gid: OTHER_UID, cwd: '/' });
  if (mayRunNode.status !== 0) t.skip(`uid ${OTHER_UID} may not run ${process.execPath}`);
  else {
    assert.equal(asked(0), 'answered');
    // The peer is hung up on; whether its request was on the way by then decides what it hears.
    assert.match(asked(OTHER_UID), /^(error (EPIPE|ECONNRESET)\n)?no answer$/);
    assert.equal(asked(0), 'answered');
  }
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

/** A connection that stays at this end until the test is over. */
function connected(t: TestContext, path: string, text: string | Buffer) {
  const socket = connect(path);
  t.after(() => socket.destroy());
  const client = { isConnected: false, isClosed: false, answer: '' };
  socket.on('connect', () => {
    client.isConnected = true;
    if (text.length > 0) socket.write(text);
  });
  // The other end may hang up on what is sent.
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    client.answer += data;
  });
  socket.on('close', () => {
    client.isClosed = true;
  });
  return client;
}

test('while clients hang, flood and talk rubbish, another gets its answer', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/RETRY_OVER/);
  const { socket } = workspace;
  const silent = connected(t, socket, '');
  const halfway = connected(t, socket, '{"protocol":1');
  const flood = connected(t, socket, 'x'.repeat(1_000_000));
  const rubbish = ['rubbish\n', '{"protocol":1}\n', '[]\n', '\n', Buffer.from([0, 255, 254, 10])].map(
    (text) => connected(t, socket, text),
  );
  await until('the flood is cut off', () => flood.isClosed);
  await until('rubbish is answered', () => rubbish.every(({ isClosed }) => isClosed));
  for (const { answer } of rubbish) assert.match(answer, /^\{"kind":"refused","status":64,/);
  assert.equal(flood.answer, '');
  await until('the others are there', () => silent.isConnected && halfway.isConnected);
  assert.equal(showPent(workspace, pfile)['proc_sts'], 'UNAVAIL');
  assert.ok(running.child.exitCode === null);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

/** Opens connections without end, holds the last hundred of them, and says no word. */
const CROWD = `
const held = [];
function more() {
  const socket = require('node:net').connect(process.argv[1]).on('error', () => undefined);
  socket.on('close', () => setImmediate(more));
  held.push(socket);
  if (held.length > 100) held.shift().destroy();
}
for (let count = 0; count < 100; count++) more();
`;

test('however many hold their connections, and come again when they are cut off, padmin has its answer', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/RETRY_OVER/);
  const idle = Array.from({ length: 200 }, () => connected(t, workspace.socket, ''));
  await until('all are there', () => idle.every(({ isConnected }) => isConnected));
  assert.equal(showPent(workspace, pfile)['proc_sts'], 'UNAVAIL');
  spawn(process.execPath, ['-e', CROWD, workspace.socket], { env: workspace.environment, stdio: 'ignore' });
  for (let count = 0; count < 10; count++) {
    assert.equal(showPent(workspace, pfile)['proc_sts'], 'UNAVAIL');
  }
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

test('a command that padmin gave up on is carried out when pcheck gets to it', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
  workspace.write('pfile', `MSG_CHECK_INTERVAL 1\n${readFileSync(pfile, 'utf8')}`);
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/RETRY_OVER/);
  running.signal('SIGSTOP');
  await until('pcheck is stopped', () =>
    /^State:\s+T/m.test(readFileSync(`/proc/${running.pid}/status`, 'utf8')),
  );
  assert.equal(padmin(workspace, '-f', pfile, '-c', 'stop').status, 69);
  running.signal('SIGCONT');
  await running.logged(/monitoring off/);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});
