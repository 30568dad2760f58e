// Signals: the ones that end pcheck, also twice and in the middle of its end, and SIGHUP.
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { oneEntry } from '../harness/one-entry.ts';
import { showPent, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, startedFrom } from '../harness/workspace.ts';

test('further signals while pcheck ends neither make it hang nor change anything', {
  timeout: 60_000,
}, async (t) => {
  const workspace = createWorkspace(t);
  // It ignores SIGTERM, so that the end takes a second.
  const script = 'trap "" TERM\necho begun\nwhile :; do sleep 1; done';
  const pfile = oneEntry(workspace, script, '3:exit:start_wait=0');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  const output = workspace.path('out/dump.1.out');
  await until('the script runs', () => existsSync(output) && readFileSync(output, 'utf8') === 'begun\n');
  running.signal('SIGTERM');
  await running.logged(/restart scripts in progress were stopped/);
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGTERM'] as const) running.signal(name);
  assert.equal(await running.ended, 0);
  assert.deepEqual(running.messages().slice(-3), [
    'SIGTERM Catch (15)!!',
    'Stop pcheck!!',
    `restart scripts in progress were stopped: ${workspace.folder}/service`,
  ]);
  await until('nothing is left', () => startedFrom(workspace).length === 0);
});

test('SIGHUP with a bad pfile changes nothing and logs why; with a good one it is a reload that logs its warnings', async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
  const good = readFileSync(pfile, 'utf8');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/RETRY_OVER/);
  workspace.write('pfile', good.replace(':86400:', ':never:'));
  running.signal('SIGHUP');
  await running.logged(/not read again/);
  const refused = running.messages().find((line) => line.includes('not read again')) ?? '';
  assert.match(
    refused,
    /^the pfile was not read again, nothing has changed: .*\/pfile: 1 error, line 4: .*"never"/,
  );
  assert.equal(showPent(workspace, pfile)['retry_over_act'], 'continue');
  workspace.write('pfile', good.replace(':continue', ':exit:'));
  running.signal('SIGHUP');
  await running.logged(/pfile read again: 1 entries kept, 0 added, 0 removed/);
  await running.logged(/\/pfile:4:\d+: warning: an empty option, ignored/);
  assert.equal(showPent(workspace, pfile)['retry_over_act'], 'exit');
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

test('the last dump of thousands of entries is written whole, though pcheck has ended meanwhile', {
  timeout: 120_000,
}, async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=600');
  const [, entry = ''] = /^(\/.*)$/m.exec(readFileSync(pfile, 'utf8')) ?? [];
  const more = Array.from({ length: 3000 }, (_, index) => `${entry}:include_strings=${index}\n`);
  appendFileSync(pfile, more.join(''));
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/started/);
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
  const dump = workspace.path('out/dump');
  await until('the dump is there', () => existsSync(dump));
  assert.equal(JSON.parse(readFileSync(dump, 'utf8')).pents.length, 3001);
});
