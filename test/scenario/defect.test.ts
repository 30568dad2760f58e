// What pcheck does when it is itself at fault, or not whole: status 70, never 1, which is kept for retry-over.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { inNamespace, whyNoNamespace } from '../harness/namespaces.ts';
import { oneEntry } from '../harness/one-entry.ts';
import { padmin, pcheck, run, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, startedFrom, type Workspace } from '../harness/workspace.ts';

/** A copy of the programs in the workspace, whose koffi is what the test makes of it. */
function installed(workspace: Workspace): string {
  for (const name of ['bin', 'dist']) cpSync(name, workspace.path(`installed/${name}`), { recursive: true });
  return workspace.path('installed');
}

for (const [what, text] of [
  ['missing', undefined],
  ['broken', 'throw new Error("Cannot find the native Koffi module");'],
] as const) {
  test(`with koffi ${what} pcheck ends with 70, says so and starts nothing; -t says it too, and padmin works`, async (t) => {
    const workspace = createWorkspace(t);
    const pfile = oneEntry(workspace, 'true', '0:continue:start_wait=0');
    const folder = installed(workspace);
    if (text !== undefined) {
      mkdirSync(`${folder}/node_modules/koffi`, { recursive: true });
      workspace.write('installed/node_modules/koffi/index.js', text);
    }
    const { status, stderr } = run(workspace, [`${folder}/bin/pcheck`, '-f', pfile, '--no-syslog']);
    assert.equal(status, 70, stderr);
    assert.match(stderr, /^pcheck: koffi cannot be loaded \(is psaver installed whole\?\): .+\n$/);
    assert.ok(!existsSync(workspace.path('out/dump')));
    assert.equal(run(workspace, [`${folder}/bin/pcheck`, '-t', '-f', pfile]).status, 70);
    const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
    await running.logged(/RETRY_OVER/);
    const stopped = run(workspace, [`${folder}/bin/padmin`, '-f', pfile, '-c', 'stop']);
    assert.equal(stopped.status, 0);
    assert.match(stopped.stderr, /not logged to syslog, koffi cannot be loaded/);
    assert.equal(padmin(workspace, '-f', pfile, '-c', 'shutdown').status, 0);
    assert.equal(await running.ended, 0);
  });
}

/** The same workspace; its pcheck has this code put before its own. */
function withFault(workspace: Workspace, code: string): Workspace {
  const fault = workspace.write('fault.cjs', code);
  mkdirSync(workspace.path('path'));
  workspace.write('path/node', `#!/bin/sh\nexec ${process.execPath} --require ${fault} "$@"\n`, 0o755);
  const path = `${workspace.path('path')}:${workspace.environment['PATH']}`;
  return { ...workspace, environment: { ...workspace.environment, PATH: path } };
}

/** It ignores SIGTERM, so that an end of pcheck takes a second. */
async function withScriptInProgress(t: TestContext, fault: string) {
  const workspace = withFault(createWorkspace(t), fault);
  const pfile = oneEntry(
    workspace,
    'trap "" TERM\necho begun\nwhile :; do sleep 1; done',
    '3:exit:start_wait=0',
  );
  const running = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  const output = workspace.path('out/dump.1.out');
  await until('the script runs', () => existsSync(output) && readFileSync(output, 'utf8') === 'begun\n');
  return { workspace, running };
}

/** After SIGUSR2 the next look at the clock throws: that is in a turn of the loop. */
const BREAKS_THE_LOOP = `
const { hrtime } = process;
let isDue = false;
process.on('SIGUSR2', () => { isDue = true; });
process.hrtime = Object.assign((...words) => {
  if (isDue) { isDue = false; throw new Error('injected'); }
  return hrtime(...words);
}, hrtime);
`;

test('an exception in the loop ends pcheck with 70, and stops the script in progress', async (t) => {
  const { workspace, running } = await withScriptInProgress(t, BREAKS_THE_LOOP);
  running.signal('SIGUSR2');
  assert.equal(await running.ended, 70);
  const [defect, stopped] = running.messages().slice(-2);
  assert.match(defect ?? '', /^a defect of pcheck: Error: injected/);
  assert.match(stopped ?? '', /^restart scripts in progress were stopped: /);
  assert.match(readFileSync(workspace.verdict, 'utf8'), /^failed a defect of pcheck: see its log\n/);
  await until('nothing is left', () => startedFrom(workspace).length === 0);
});

test('a rejection that nobody handles is a defect too', async (t) => {
  const rejects = `process.on('SIGUSR2', () => { Promise.reject(new Error('injected')); });`;
  const { workspace, running } = await withScriptInProgress(t, rejects);
  running.signal('SIGUSR2');
  assert.equal(await running.ended, 70);
  await until('nothing is left', () => startedFrom(workspace).length === 0);
});

test('an exception while pcheck ends does not change its status', async (t) => {
  const { running } = await withScriptInProgress(
    t,
    `process.on('SIGTERM', () => setImmediate(() => { throw new Error('injected'); }));`,
  );
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0);
  assert.match(running.stderr(), /injected/);
});

test('without a /proc pcheck ends with 70', { skip: whyNoNamespace() }, (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, 'true', '0:continue');
  const { status, stderr } = pcheck(
    inNamespace(workspace, 'mount -t tmpfs tmpfs /proc'),
    '-f',
    pfile,
    '--no-syslog',
  );
  assert.equal(status, 70, stderr);
  assert.match(stderr, /^pcheck: Error: ENOENT: .*\/proc\//);
});
