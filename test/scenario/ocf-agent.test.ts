// examples/pacemaker/psaver as Pacemaker calls it, action by action, with a real pcheck. What Pacemaker makes of the
// answers is in test/cluster.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { whyMissing } from '../harness/packages.ts';
import { type Output, run } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, startedFrom, type Workspace } from '../harness/workspace.ts';

const AGENT = resolve('examples/pacemaker/psaver');
const FILES: Readonly<Record<string, string>> = {
  'resource-agents': '/usr/sbin/ocf-tester',
  'libxml2-utils': '/usr/bin/xmllint',
};
const OCF = {
  success: 0,
  generic: 1,
  arguments: 2,
  unimplemented: 3,
  installed: 5,
  configured: 6,
  notRunning: 7,
  degraded: 190,
};
const options = { skip: whyNoAgent(), timeout: 120_000 };

test('ocf-tester finds nothing wrong with the agent', options, (t) => {
  const { workspace, pfile } = watchedService(t);
  const words = ['-n', 'psaver', '-o', `pfile=${pfile}`, '-o', `pcheck=${resolve('bin/pcheck')}`, AGENT];
  const { status, stdout, stderr } = run(workspace, ['ocf-tester', ...words]);
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /passed all tests/);
});

test(
  'start and stop may come twice, monitor runs no pcheck, and nothing of Pacemaker reaches the scripts',
  options,
  (t) => {
    const { workspace, act, verdict } = watchedService(t);
    assert.equal(act('monitor').status, OCF.notRunning);
    assert.equal(act('start').status, OCF.success);
    assert.match(verdict(), /^ok\n/);
    assert.equal(act('start').status, OCF.success, 'once more');
    assert.equal(act('monitor').status, OCF.success);
    assert.equal(act('monitor', { OCF_RESKEY_pcheck: '/nowhere' }).status, OCF.success);
    const pcheck = pidIn(verdict());
    const environment = readFileSync(`/proc/${pcheck}/environ`, 'latin1').split('\0');
    assert.deepEqual(
      environment.filter((word) => word.startsWith('OCF_')),
      [],
      'for the scripts to come',
    );
    assert.equal(act('reload-agent').status, OCF.success);
    assert.equal(act('stop').status, OCF.success);
    assert.match(verdict(), /^stopped\n/);
    assert.equal(act('monitor').status, OCF.notRunning);
    assert.equal(act('stop').status, OCF.success, 'once more');
    assert.equal(startedFrom(workspace).length, 1, 'the service goes on');
  },
);

test('start waits until the first look is over, and gives up before Pacemaker does', options, (t) => {
  const patient = watchedService(t, { options: 'start_wait=1' });
  const script = `#!/bin/sh\nsetsid ${patient.workspace.path('service')} 2000 &\n`;
  patient.workspace.write('restart', script, 0o755);
  process.kill(patient.service(), 'SIGKILL');
  assert.equal(patient.act('start').status, OCF.success);
  assert.match(patient.verdict(), /^ok\n/);

  const hurried = watchedService(t, { options: 'start_wait=60' });
  process.kill(hurried.service(), 'SIGKILL');
  const late = hurried.act('start', { OCF_RESKEY_CRM_meta_timeout: '7000' });
  assert.equal(late.status, OCF.generic);
  assert.match(late.stderr, /ocf-exit-reason:the first look was not over in time/);
  assert.match(hurried.verdict(), /^stopped\n/);
});

test('start fails, and says why, when the pfile is bad, missing or not named as it must be', options, (t) => {
  const { workspace, pfile, act } = watchedService(t);
  workspace.write('pfile', `${readFileSync(pfile, 'utf8')}mistake\n`);
  for (const action of ['validate-all', 'start']) {
    const bad = act(action);
    assert.equal(bad.status, OCF.arguments);
    assert.match(bad.stderr, /ocf-exit-reason:.*pfile:5:1: error: unknown keyword "mistake"/);
  }
  rmSync(pfile);
  assert.equal(act('validate-all').status, OCF.installed);
  assert.equal(act('start').status, OCF.installed);
  assert.equal(act('monitor').status, OCF.notRunning, 'a probe where the disk of the pfile is not mounted');
  assert.equal(act('stop').status, OCF.success);
  assert.equal(act('start', { OCF_RESKEY_pfile: 'relative' }).status, OCF.configured);
  assert.equal(act('start', { OCF_RESKEY_pcheck: '/nowhere' }).status, OCF.installed);
  assert.equal(act('promote').status, OCF.unimplemented);
});

test(
  'retry-over with exit is not running, and the reason is told; with continue it is degraded',
  options,
  async (t) => {
    const { workspace, act, service, verdict } = watchedService(t);
    assert.equal(act('start').status, OCF.success);
    workspace.write('restart', '#!/bin/sh\nexit 1\n', 0o755);
    process.kill(service(), 'SIGKILL');
    await until('pcheck has ended', () => !existsSync(`/proc/${pidIn(verdict())}`));
    const over = act('monitor', RECURRING);
    assert.equal(over.status, OCF.notRunning);
    assert.match(over.stderr, /ocf-exit-reason:pcheck has ended: \(.*\/service\) RETRY_OVER:EXIT/);
    assert.equal(act('monitor').stderr, '', 'a probe finds nothing remarkable in it');

    const other = watchedService(t, { action: 'continue' });
    assert.equal(other.act('start').status, OCF.success);
    other.workspace.write('restart', '#!/bin/sh\nexit 1\n', 0o755);
    process.kill(other.service(), 'SIGKILL');
    await until('the verdict is degraded', () => other.verdict().startsWith('degraded'));
    const degraded = other.act('monitor', RECURRING);
    assert.equal(degraded.status, OCF.degraded);
    assert.match(degraded.stderr, /RETRY_OVER:CONTINUE/);
    assert.equal(other.act('stop').status, OCF.success);
  },
);

test(
  'a pcheck that was killed while its script runs is an error, so that stop comes and ends the script, whatever it has become',
  options,
  async (t) => {
    const { workspace, act, service, verdict } = watchedService(t);
    assert.equal(act('start').status, OCF.success);
    // What it has started already has its token too, and is not meant.
    const restart = `#!/bin/sh\n${workspace.path('service')} 1000 >/dev/null &\nsetsid ${workspace.path('service')} 2000 &\ntouch ${workspace.path('begun')}\nexec ${workspace.path('wrapped')}\n`;
    workspace.write('wrapped', '#!/bin/sh\nsleep 1000\n', 0o755);
    workspace.write('restart', restart, 0o755);
    process.kill(service(), 'SIGKILL');
    await until('the script runs', () => existsSync(workspace.path('begun')));
    process.kill(pidIn(verdict()), 'SIGKILL');
    await until('pcheck is gone', () => act('monitor').status !== OCF.success);
    const killed = act('monitor', RECURRING);
    assert.equal(killed.status, OCF.generic);
    assert.match(killed.stderr, /has left a restart script running/);
    assert.equal(act('stop').status, OCF.success);
    const left = () => startedFrom(workspace).map(commandLineOf);
    await until('the script’s group is gone', () => left().length === 1);
    assert.deepEqual(left(), [`${workspace.path('service')} 2000`], 'what left the group is not touched');
    assert.equal(act('monitor', RECURRING).status, OCF.notRunning);
  },
);

test('a pcheck that hangs is an error, and stop ends it', options, async (t) => {
  const { act, verdict } = watchedService(t);
  assert.equal(act('start').status, OCF.success);
  const pcheck = pidIn(verdict());
  process.kill(pcheck, 'SIGSTOP');
  await until('its verdict is stale', () => act('monitor', RECURRING).status === OCF.generic, 60);
  assert.match(act('monitor', RECURRING).stderr, /ocf-exit-reason:pcheck\[\d+\] hangs/);
  assert.equal(act('stop').status, OCF.success);
  assert.equal(existsSync(`/proc/${pcheck}/cwd`), false);
  assert.equal(act('monitor').status, OCF.notRunning);
});

const RECURRING = { OCF_RESKEY_CRM_meta_interval: '2000' };

type Watched = {
  readonly workspace: Workspace;
  readonly pfile: string;
  act(action: string, environment?: Readonly<Record<string, string>>): Output;
  /** The pid of the service, which runs when the test begins. */
  service(): number;
  verdict(): string;
};

function watchedService(
  t: TestContext,
  {
    action = 'exit',
    options = 'start_wait=0.2:restart_interval=0.2',
  }: { readonly action?: string; readonly options?: string } = {},
): Watched {
  const workspace = createWorkspace(t);
  copyFileSync('/bin/sleep', workspace.path('service'));
  chmodSync(workspace.path('service'), 0o755);
  const restart = workspace.write('restart', '#!/bin/sh\nexit 1\n', 0o755);
  const pfile = workspace.write(
    'pfile',
    `IPCKEY ${workspace.ipckey}
MONITOR_INTERVAL 0.2
SHM_DUMP_FILE ${workspace.path('dump')}
${workspace.path('service')}:${restart}:86400:1:${action}${options === '' ? '' : `:${options}`}
`,
  );
  const child = spawn(workspace.path('service'), ['86400'], {
    env: workspace.environment,
    stdio: 'ignore',
    detached: true,
  });
  child.unref();
  return {
    workspace,
    pfile,
    act(name, environment = {}) {
      const own = {
        OCF_ROOT: '/usr/lib/ocf',
        OCF_RESOURCE_INSTANCE: 'psaver',
        OCF_RESKEY_pfile: pfile,
        OCF_RESKEY_pcheck: resolve('bin/pcheck'),
      };
      return run({ ...workspace, environment: { ...workspace.environment, ...own, ...environment } }, [
        AGENT,
        name,
      ]);
    },
    service: () => child.pid ?? 0,
    verdict: () => readFileSync(workspace.verdict, 'utf8'),
  };
}

function pidIn(verdict: string): number {
  return Number(verdict.split('\n')[1]?.split(' ')[2]);
}

function commandLineOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
}

function whyNoAgent(): string | false {
  return process.getuid?.() === 0 ? (whyMissing(FILES) ?? false) : 'needs root';
}
