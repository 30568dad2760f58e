// Users that only a directory knows, and a directory that does not answer: whoever reads the pfile waits, nobody else.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { type Output, pcheck, showPent, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, startedFrom, type Workspace } from '../harness/workspace.ts';

/** A machine whose getent never says anything; it writes down whom it was asked for. */
function withHungDirectory(t: TestContext): Workspace {
  const workspace = createWorkspace(t);
  mkdirSync(workspace.path('bin'));
  workspace.write('bin/getent', '#!/bin/sh\nexec sleep 600\n', 0o755);
  const path = `${workspace.path('bin')}:${workspace.environment['PATH']}`;
  return { ...workspace, environment: { ...workspace.environment, PATH: path } };
}

/** A pcheck whose service is up, and whose pfile has been given an entry of such a user since. */
async function edited(t: TestContext) {
  const workspace = withHungDirectory(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=0:restart_interval=0');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/Up/);
  const entry = (name: string) => `${name}:${workspace.path('start.sh')}::3:continue:user=${name}\n`;
  appendFileSync(pfile, entry('directory-user') + entry('another-user'));
  return { workspace, pfile, running };
}

/** A padmin that is not waited for. */
function reload({ environment }: Workspace, pfile: string): Promise<Output> {
  const child = spawn(resolve('bin/padmin'), ['-f', pfile, '-c', 'reload'], { env: environment });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk;
    });
  }
  return new Promise((done) => child.on('close', (status) => done({ status, ...output })));
}

/** So many questions are under way: one child for each name. */
async function asked(workspace: Workspace, count: number): Promise<void> {
  const isQuestion = (pid: number) => commandLineOf(pid).split('\0')[1] === '600';
  await until('getent is asked', () => startedFrom(workspace).filter(isQuestion).length >= count);
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It has gone.
    return '';
  }
}

test('while a directory hangs a reload waits, and a death, padmin and a second reload do not', async (t) => {
  const { workspace, pfile, running } = await edited(t);
  const first = reload(workspace, pfile);
  await asked(workspace, 2);
  let isAnswered = false;
  void first.then(() => {
    isAnswered = true;
  });
  process.kill(Number(showPent(workspace, pfile)['pid']), 'SIGKILL');
  await running.logged(/Up/, 2);
  assert.equal(showPent(workspace, pfile)['proc_sts'], 'AVAIL');
  assert.equal(isAnswered, false, 'all that was within the time of one answer');
  const second = reload(workspace, pfile);
  for (const { status, stderr } of [await first, await second]) {
    assert.equal(status, 65, stderr);
    assert.match(
      stderr,
      /^padmin: .*pfile:5:\d+: error: option user: "directory-user" cannot be looked at \(/,
    );
    assert.match(
      stderr,
      /\(getent passwd directory-user: no answer within 5 s\): is the directory service stuck/,
    );
    assert.match(stderr, /pfile:6:\d+: error: option user: "another-user" cannot be looked at/);
    assert.match(stderr, /nothing has changed/);
  }
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

test('SIGTERM ends a pcheck whose reload waits, at once, and who asked for it hears why', async (t) => {
  const { workspace, pfile, running } = await edited(t);
  const answer = reload(workspace, pfile);
  await asked(workspace, 2);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
  const { status, stderr } = await answer;
  assert.equal(status, 1);
  assert.match(stderr, /this pcheck is ending: nothing was done/);
  assert.doesNotMatch(running.stderr(), /not read again|read again/);
});

test('at the start a directory that hangs is status 65, for -t too', (t) => {
  const workspace = withHungDirectory(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:user=directory-user');
  for (const words of [['--no-syslog'], ['-t']]) {
    const { status, stderr } = pcheck(workspace, '-f', pfile, ...words);
    assert.equal(status, 65);
    assert.match(stderr, /pfile:4:\d+: error: option user: "directory-user" cannot be looked at/);
  }
});

test('SIGTERM ends a pcheck that waits for a directory at its start', async (t) => {
  const workspace = withHungDirectory(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:user=directory-user');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await asked(workspace, 1);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
  assert.equal(running.stderr(), '');
});
