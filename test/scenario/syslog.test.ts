// What the two programs send to a syslog daemon: a /dev/log of the test's own, in a namespace.
import assert from 'node:assert/strict';
import { closeSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { listenAt, receive } from '../harness/datagrams.ts';
import { whyNoNamespace } from '../harness/namespaces.ts';
import { oneEntry } from '../harness/one-entry.ts';
import { padmin, pcheck, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace } from '../harness/workspace.ts';
import { openPrivateDev } from './tomcat/private-dev.ts';

async function withSyslog(t: TestContext) {
  const workspace = createWorkspace(t);
  const dev = await openPrivateDev(workspace);
  t.after(dev.close);
  const daemon = listenAt(`${dev.path}/log`);
  t.after(() => closeSync(daemon));
  const all: string[] = [];
  /** `<PRI>TAG[PID]: TEXT` of all datagrams so far, without their time. */
  function told(tag: string): string[] {
    for (let text = receive(daemon); text !== undefined; text = receive(daemon)) all.push(text);
    return all
      .map((text) => text.replace(/^(<\d+>)\w{3} [ \d]\d \d\d:\d\d:\d\d /, '$1'))
      .filter((text) => text.replace(/^<\d+>/, '').startsWith(`${tag}[`));
  }
  return { workspace: dev.inside, told };
}

test('padmin logs what it was told to do, and no show command', { skip: whyNoNamespace() }, async (t) => {
  const { workspace, told } = await withSyslog(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await running.logged(/RETRY_OVER/);
  function ask(...words: readonly string[]): void {
    const { status, stderr } = padmin(workspace, '-f', pfile, '-c', ...words);
    assert.equal(status, 0, stderr);
  }
  ask('show', 'pent');
  ask('show', 'param');
  assert.equal(padmin(workspace, '-f', pfile, '-c', 'stop', '-i', '7').status, 64);
  assert.deepEqual(told('padmin'), []);
  const commands = ['stop', 'start', 'reload', 'reset', 'shutdown'];
  for (const command of commands) ask(command);
  assert.equal(await running.ended, 0);
  // The facility is daemon, the level notice.
  assert.deepEqual(
    told('padmin').map((line) => line.replace(/\[\d+\]/, '[N]')),
    commands.map((command) => `<29>padmin[N]: Command execute. [${command}] pfile=${pfile}`),
  );
});

test('what pcheck warns of in its pfile is in syslog with file, line and column', {
  skip: whyNoNamespace(),
}, async (t) => {
  const { workspace, told } = await withSyslog(t);
  const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0:');
  const running = startPcheck(workspace, ['-f', pfile]);
  await running.logged(/RETRY_OVER/);
  const column =
    `${workspace.folder}/service:${workspace.folder}/start.sh:86400:0:continue:start_wait=0:`.length + 1;
  const warning = `${pfile}:4:${column}: warning: an empty option, ignored: remove the extra ":"`;
  await until('the warning is told', () => told('pcheck').includes(`<28>pcheck[${running.pid}]: ${warning}`));
  assert.deepEqual(
    running.messages().filter((line) => line.includes('an empty option')),
    [warning],
  );
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
});

test('why pcheck could not start is in syslog in one line', { skip: whyNoNamespace() }, async (t) => {
  const { workspace, told } = await withSyslog(t);
  const pfile = oneEntry(workspace, 'true', 'x:continue');
  assert.equal(pcheck(workspace, '-f', pfile).status, 65);
  const [line, ...more] = told('pcheck');
  assert.deepEqual(more, []);
  assert.match(line ?? '', /^<27>pcheck\[\d+\]: pcheck cannot start: .*pfile: 1 error, line 4: /);
});
