// Where the built pcheck and padmin write their messages: syslog, a terminal or file, a journal; and what -v, -V
// and -h bring. Syslog is a socket of the test's own, in a mount namespace.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { listenAt, receive } from '../harness/datagrams.ts';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { padmin, pcheck, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace } from '../harness/workspace.ts';
import { openPrivateDev } from './tomcat/private-dev.ts';

const needsNamespace =
  process.getuid?.() !== 0 ? 'needs root' : existsSync('/usr/bin/nsenter') ? false : 'needs nsenter';

test('syslog has what pcheck and padmin write with facility daemon, tag and pid, and nothing with --no-syslog', {
  skip: needsNamespace,
}, async (t) => {
  const workspace = createWorkspace(t);
  const dev = await openPrivateDev(workspace);
  t.after(() => dev.close());
  const descriptor = listenAt(`${dev.path}/log`);
  t.after(() => closeSync(descriptor));
  const all: string[] = [];
  function heard(): readonly string[] {
    for (let text = receive(descriptor); text !== undefined; text = receive(descriptor)) all.push(text);
    return all.map((line) => line.replace(/ {1,2}\d+ \d\d:\d\d:\d\d /, ' DATE '));
  }
  const pfile = oneEntry(dev.inside, STARTS_SERVICE, '3:exit:start_wait=0.5');
  const silent = startPcheck(dev.inside, ['-f', pfile, '--no-syslog']);
  await silent.logged(/Up/);
  silent.signal('SIGTERM');
  assert.equal(await silent.ended, 0);
  assert.deepEqual(heard(), []);

  const running = startPcheck(dev.inside, ['-f', pfile]);
  await running.logged(/Up/);
  assert.equal(padmin(dev.inside, '-f', pfile, '-c', 'stop').status, 0);
  assert.equal(padmin(dev.inside, '-f', pfile, '-c', 'show', 'pent').status, 0);
  assert.equal(padmin(dev.inside, '-f', pfile, '-c', 'stop', '-i', '9').status, 64);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
  const texts = heard().map((line) =>
    line.replace(/^<(\d+)>[A-Z][a-z]{2} DATE (p[a-z]+)\[\d+\]: /, '$1 $2 '),
  );
  const [started, ...others] = texts;
  assert.match(started ?? '', /^29 pcheck pcheck \S+ started: /);
  assert.deepEqual(
    others.map((line) => line.replace(/pid=\d+/, 'pid=N')).sort(),
    [
      `29 pcheck (${workspace.path('service')}) monitoring off`,
      `29 padmin Command execute. [stop] pfile=${pfile}`,
      '29 pcheck SIGTERM Catch (15)!!',
      '29 pcheck Stop pcheck!!',
      `30 pcheck (${workspace.path('service')} ,pid=N) Up`,
    ].sort(),
  );
});

test('on a journal, lines have the level as a prefix and nothing else that the journal adds itself', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=0.5');
  const journal = workspace.path('journal');
  const descriptor = openSync(journal, 'a');
  const { dev, ino } = fstatSync(descriptor);
  const child = spawn(resolve('bin/pcheck'), ['-f', pfile, '--no-syslog'], {
    env: { ...workspace.environment, JOURNAL_STREAM: `${dev}:${ino}` },
    stdio: ['ignore', 'ignore', descriptor],
  });
  closeSync(descriptor);
  const lines = () => readFileSync(journal, 'utf8').split('\n');
  await until('Up is in the journal', () => lines().some((line) => /^<6>\(.*\) Up$/.test(line)));
  child.kill('SIGTERM');
  await new Promise((done) => child.once('close', done));
  assert.ok(lines().includes('<5>SIGTERM Catch (15)!!'));
});

test('every full check is in the log with -v, and none without', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=0.5', 0.1);
  for (const [words, isTold] of [
    [['-v'], true],
    [[], false],
  ] as const) {
    const running = startPcheck(workspace, ['-f', pfile, '--no-syslog', ...words]);
    await running.logged(isTold ? /^full check of 1 entries in \d+ ms$/ : /Up/);
    // The answer comes from a loop that has made its full checks by then.
    padmin(workspace, '-f', pfile, '-c', 'stop');
    running.signal('SIGTERM');
    assert.equal(await running.ended, 0);
    assert.equal(
      running.messages().some((line) => line.startsWith('full check')),
      isTold,
    );
  }
});

test('-V prints the version and -h the options and exit statuses, of both programs, with status 0', (t) => {
  const workspace = createWorkspace(t);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const [name, run, option] of [
    ['pcheck', pcheck, '--json-log'],
    ['padmin', padmin, '--command'],
  ] as const) {
    for (const word of ['-V', '--version']) {
      assert.deepEqual(run(workspace, word), {
        status: 0,
        stdout: `${name} (psaver) ${version}\n`,
        stderr: '',
      });
    }
    for (const word of ['-h', '--help']) {
      const { status, stdout, stderr } = run(workspace, word);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, new RegExp(`^Usage: ${name} `));
      assert.ok(stdout.includes(option));
      assert.match(stdout, /^Exit: 0 /m);
    }
  }
});

test('SIGTERM, SIGINT and SIGQUIT end pcheck with status 0, told by name, then Stop pcheck!!', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=0.5');
  for (const [name, text] of [
    ['SIGTERM', 'SIGTERM Catch (15)!!'],
    ['SIGINT', 'SIGINT Catch (2)!!'],
    ['SIGQUIT', 'SIGQUIT Catch (3)!!'],
  ] as const) {
    const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
    await running.logged(/Up/);
    running.signal(name);
    assert.equal(await running.ended, 0);
    assert.deepEqual(running.messages().slice(-2), [text, 'Stop pcheck!!']);
  }
});
