// Logs that are files: every line is there when pcheck has ended, in its order; after a rotation lines go to the new file;
// what writes them may be killed, and their disk may be full.
import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { pentsJsonSchema } from '../../src/control/json.ts';
import {
  isThere,
  jsonMessagesIn,
  type LoggingPcheck,
  messagesIn,
  startLogging,
  writersOf,
} from '../harness/log-file.ts';
import { inNamespace, whyNoNamespace } from '../harness/namespaces.ts';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { padmin, showPent } from '../harness/programs.ts';
import { isBlocking } from '../harness/socket-pair.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

const OPTIONS = '99:exit:restart_interval=0:start_wait=2';

function files(workspace: Workspace) {
  const [err, json] = [workspace.path('err'), workspace.path('json')];
  return { err, json, messages: () => messagesIn(err), records: () => jsonMessagesIn(json) };
}

function isUp(lines: readonly string[]): boolean {
  return lines.at(-1)?.endsWith('Up') === true;
}

async function ends(running: LoggingPcheck): Promise<void> {
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
}

/** And is back, as this log tells. */
async function dies(workspace: Workspace, pfile: string, lines: () => readonly string[]): Promise<void> {
  const before = lines().length;
  process.kill(Number(showPent(workspace, pfile)['pid']), 'SIGKILL');
  await until('the service is up again', () => lines().length > before && isUp(lines()));
}

test('of thousands of lines each is in the files when pcheck has ended, in its order', async (t) => {
  const workspace = createWorkspace(t);
  const { folder, path, ipckey } = workspace;
  const script = workspace.write('start.sh', '#!/bin/sh\n', 0o755);
  const names = Array.from({ length: 1000 }, (_, index) => `${folder}/service${index}`);
  const param = `IPCKEY ${ipckey}\nMONITOR_INTERVAL 1\nSHM_DUMP_FILE ${path('dump')}\n`;
  const pents = names.map((name) => `${name}:${script}::0:continue:start_wait=0`);
  const pfile = workspace.write('pfile', `${param}${pents.join('\n')}\n`);
  const { err, json, messages, records } = files(workspace);
  const running = startLogging(workspace, ['-f', pfile, '-v', '--json-log', json], err);
  await until('the first ones are told of', () => messages().length > 500);
  await ends(running);
  assert.deepEqual(messages(), records());
  assert.equal(messages().at(-1), 'Stop pcheck!!');
  // Which entries have come to that the dump of the end tells.
  const { stdout } = padmin(workspace, '-f', pfile, '-c', 'show', 'pent', '--last', '--json');
  const over = pentsJsonSchema
    .parse(JSON.parse(stdout))
    .pents.filter(({ proc_sts }) => proc_sts === 'UNAVAIL');
  assert.ok(over.length > 10, `${over.length} entries are over`);
  assert.deepEqual(
    messages()
      .filter((line) => line.endsWith('RETRY_OVER:CONTINUE'))
      .sort(),
    over.map(({ pname }) => `(${pname}) RETRY_OVER:CONTINUE`).sort(),
  );
});

test('pcheck ends when what writes its logs has written all of it', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, OPTIONS);
  const { err, json, messages, records } = files(workspace);
  const running = startLogging(workspace, ['-f', pfile, '--json-log', json], err);
  await until('the service is up', () => isUp(messages()) && isUp(records()));
  const writer = writersOf(running).find((pid) => readlinkSync(`/proc/${pid}/fd/1`) === json) ?? 0;
  process.kill(writer, 'SIGSTOP');
  try {
    running.signal('SIGTERM');
    await until('only its logs are left', () => !existsSync(workspace.socket.replace(/sock$/, 'lock')));
    assert.ok(isThere(running.pid), 'it waits');
  } finally {
    process.kill(writer, 'SIGCONT');
  }
  assert.equal(await running.ended, 0);
  assert.deepEqual(records(), messages());
});

test('after a rotation what was logged before is in the old files, and what comes in new ones, in order', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, OPTIONS);
  const { err, json, messages, records } = files(workspace);
  const running = startLogging(workspace, ['-f', pfile, '--json-log', json], err);
  await until('the service is up', () => isUp(messages()) && isUp(records()));
  const readAgain = 'pfile read again: 1 entries kept, 0 added, 0 removed';
  for (const [rotation, ask] of [
    ['1', () => running.signal('SIGHUP')],
    ['2', () => assert.equal(padmin(workspace, '-f', pfile, '-c', 'reload').status, 0)],
  ] as const) {
    for (const file of [err, json]) renameSync(file, `${file}.${rotation}`);
    // As logrotate does it with `create`; the other one is made by pcheck.
    writeFileSync(err, '', { mode: 0o600 });
    // The old name does not count before it is asked.
    await dies(workspace, pfile, () => messagesIn(`${err}.${rotation}`));
    ask();
    await until(
      'new files are written',
      () => records().includes(readAgain) && messages().includes(readAgain),
    );
    assert.match(messagesIn(`${err}.${rotation}`).at(-1) ?? '', /Up$/);
    assert.deepEqual(messagesIn(`${err}.${rotation}`), jsonMessagesIn(`${json}.${rotation}`));
    await dies(workspace, pfile, messages);
  }
  await ends(running);
  assert.equal(messages()[0], readAgain);
  assert.deepEqual(messages(), records());
  assert.equal(statSync(json).mode & 0o137, 0);
  assert.equal(statSync(err).mode & 0o777, 0o600);
});

test('a log that was copied and emptied goes on at its beginning, whichever way it was opened', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, OPTIONS);
  const { err, json, messages, records } = files(workspace);
  const running = startLogging(workspace, ['-f', pfile, '--json-log', json], err, 'w');
  await until('the service is up', () => isUp(messages()) && isUp(records()));
  for (const file of [err, json]) {
    copyFileSync(file, `${file}.1`);
    truncateSync(file);
  }
  await dies(workspace, pfile, messages);
  assert.equal(messages().length, 3);
  await ends(running);
  assert.ok(!readFileSync(err, 'utf8').includes('\0'));
  assert.deepEqual(messages(), records());
});

test('when what writes a log is killed, the next line is written all the same, and none is missing', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, OPTIONS);
  const { err, json, messages, records } = files(workspace);
  const running = startLogging(workspace, ['-f', pfile, '--json-log', json], err);
  await until('the service is up', () => isUp(messages()) && isUp(records()));
  const writers = writersOf(running);
  assert.equal(writers.length, 2);
  for (const pid of writers) process.kill(pid, 'SIGKILL');
  await until('they are gone, also from the process table', () => !writers.some(isThere));
  await dies(workspace, pfile, messages);
  await ends(running);
  assert.deepEqual(messages(), records());
});

test('lines for a disk that is full are told of and wait; when there is space again all of them are there', {
  skip: whyNoNamespace(),
}, async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, OPTIONS, 0.1);
  const { err, messages } = files(workspace);
  const small = workspace.path('small');
  const inside = inNamespace(
    workspace,
    `mkdir "${small}"; mount -t tmpfs -o size=256k none "${small}"; head -c 252k /dev/zero >"${small}/filler"`,
  );
  const json = workspace.path('small/json');
  const running = startLogging(inside, ['-f', pfile, '-v', '--json-log', json], err);
  const seen = `/proc/${running.pid}/root${small}`;
  await until('it is full', () =>
    messages().some((line) => /small\/json cannot be written: No space/.test(line)),
  );
  rmSync(`${seen}/filler`);
  await until('it goes on', () => messages().some((line) => /small\/json is written again/.test(line)));
  // Read now: the file goes with pcheck, whose namespace it is in.
  const records = readFileSync(`${seen}/json`, 'utf8').split('\n').slice(0, -1);
  const told = records.map((line): string => JSON.parse(line).msg);
  assert.ok(told.some((line) => /cannot be written: No space/.test(line)));
  assert.deepEqual(told, messages().slice(0, told.length));
  await ends(running);
});

test('a log file that was removed is made anew by a reload', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, OPTIONS);
  const { err, json, messages, records } = files(workspace);
  const running = startLogging(workspace, ['-f', pfile, '--json-log', json], err);
  await until('the service is up', () => isUp(messages()) && isUp(records()));
  for (const file of [err, json]) rmSync(file);
  running.signal('SIGHUP');
  const isReadAgain = (line: string | undefined) => line?.startsWith('pfile read again') === true;
  await until('they are there again', () => isReadAgain(messages()[0]) && isReadAgain(records()[0]));
  await ends(running);
  assert.deepEqual(messages(), records());
});

test('a JSON log that is a FIFO waits for its reader, and for the next one', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, OPTIONS);
  const { err, json, messages, records } = files(workspace);
  const fifo = workspace.path('fifo');
  execFileSync('mkfifo', [fifo]);
  const running = startLogging(workspace, ['-f', pfile, '--json-log', fifo], err);
  await until('the service is up', () => isUp(messages()));
  const first = readInto(fifo, json, workspace);
  await until('all of it has come', () => isUp(records()));
  first.kill();
  await dies(workspace, pfile, messages);
  readInto(fifo, `${json}.2`, workspace);
  await until('the next one reads', () => isUp(jsonMessagesIn(`${json}.2`)));
  await ends(running);
});

test('a JSON log at /dev/stdout is what pcheck has there: a pipe, a socket, a file', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, OPTIONS);
  const { json } = files(workspace);
  for (const [kind, way] of [
    ['pipe', '"$0" "$@" | cat >"$JSON"'],
    ['file', 'exec "$0" "$@" >"$JSON"'],
  ] as const) {
    const words = [resolve('bin/pcheck'), '-f', pfile, '--no-syslog', '--json-log', '/dev/stdout'];
    const child = spawn('/bin/sh', ['-c', way, ...words], {
      env: { ...workspace.environment, JSON: json },
      stdio: 'ignore',
    });
    const ended = new Promise((done) => child.once('exit', done));
    await until(`the service is up: ${kind}`, () => isUp(jsonMessagesIn(json)));
    assert.equal(padmin(workspace, '-f', pfile, '-c', 'shutdown').status, 0);
    await ended;
    assert.equal(jsonMessagesIn(json).at(-1), 'Stop pcheck!!', kind);
    rmSync(json);
  }
  // What node calls a pipe is a socket.
  const child = spawn(resolve('bin/pcheck'), ['-f', pfile, '--no-syslog', '--json-log', '/dev/stdout'], {
    env: workspace.environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await until('the service is up', () => text.includes('Up"}\n'));
  assert.equal(isBlocking(1, child.pid), true);
  child.kill('SIGTERM');
  await new Promise((done) => child.once('close', done));
  assert.match(text, /"msg":"Stop pcheck!!"\}\n$/);
});

function readInto(fifo: string, file: string, workspace: Workspace): ChildProcess {
  return spawn('/bin/sh', ['-c', 'exec cat "$0" >"$1"', fifo, file], {
    env: workspace.environment,
    stdio: 'ignore',
  });
}
