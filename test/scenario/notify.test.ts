// The built pcheck below a service manager that is a datagram socket of the test, and under LOOP_ALARM.
import assert from 'node:assert/strict';
import { closeSync, existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { listenAt, receive } from '../harness/datagrams.ts';
import { type RunningPcheck, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { type CommandLine, createWorkspace, type Workspace } from '../harness/workspace.ts';

const SCRIPT_THAT_HANGS = '#!/bin/sh\nenv > "$1.new"\nmv "$1.new" "$1"\nsleep 1000\n';

/** A pfile with one entry; the full checks are so rare that nothing here comes of them. */
function onePent(
  workspace: Workspace,
  name: string,
  script: string,
  options = ':start_wait=1',
  more = '',
): string {
  const path = workspace.write('start.sh', script, 0o755);
  return workspace.write(
    'pfile',
    `IPCKEY ${workspace.ipckey}\nMONITOR_INTERVAL 600\n${more}SHM_DUMP_FILE ${workspace.path('dump')}\n` +
      `${name}:${path} ${workspace.path('env')}::3:continue${options}\n`,
  );
}

type Manager = {
  /** All datagrams so far. */
  told(): readonly string[];
  heard(text: string | RegExp, count?: number): Promise<void>;
};

/** Listens at `address`, and makes `workspace.environment` name it. */
function listening(
  t: TestContext,
  workspace: Workspace,
  address: string,
  environment = {},
): [Workspace, Manager] {
  const descriptor = listenAt(address);
  t.after(() => closeSync(descriptor));
  const all: string[] = [];
  function told(): readonly string[] {
    for (let text = receive(descriptor); text !== undefined; text = receive(descriptor)) all.push(text);
    return all;
  }
  const manager: Manager = {
    told,
    async heard(text, count = 1) {
      const fits = (line: string) => (typeof text === 'string' ? line === text : text.test(line));
      await until(`${text} is told ${count} times`, () => told().filter(fits).length >= count).catch(
        (error: unknown) => {
          throw new Error(`${String(error)}; told:\n${all.join('\n')}`);
        },
      );
    },
  };
  const inherited = { ...workspace.environment, NOTIFY_SOCKET: address, ...environment };
  return [{ ...workspace, environment: inherited }, manager];
}

function start(workspace: Workspace, pfile: string, prefix?: CommandLine): RunningPcheck {
  return startPcheck(prefix === undefined ? workspace : { ...workspace, prefix }, [
    '-f',
    pfile,
    '--no-syslog',
  ]);
}

/** Stops it, and waits until it is. */
async function freeze(pcheck: RunningPcheck): Promise<void> {
  pcheck.signal('SIGSTOP');
  await until('pcheck is stopped', () =>
    /^State:\s+T/m.test(readFileSync(`/proc/${pcheck.pid}/status`, 'utf8')),
  );
}

async function terminates(pcheck: RunningPcheck): Promise<void> {
  pcheck.signal('SIGTERM');
  assert.equal(await pcheck.ended, 0);
}

test('READY comes when the missing process has its restart begun, STATUS says how it is, STOPPING comes at SIGTERM', async (t) => {
  const plain = createWorkspace(t);
  const [workspace, manager] = listening(t, plain, plain.path('notify'), { WATCHDOG_USEC: '600000000' });
  const pcheck = start(workspace, onePent(workspace, '/nowhere/daemon', SCRIPT_THAT_HANGS));
  await manager.heard(/READY=1/);
  await until('the script has written', () => existsSync(workspace.path('env')));
  await terminates(pcheck);
  assert.deepEqual(manager.told(), [
    'WATCHDOG=1\nEXTEND_TIMEOUT_USEC=600000000',
    'STATUS=0 of 1 entries available; /nowhere/daemon: looked for',
    'READY=1\nSTATUS=0 of 1 entries available; /nowhere/daemon: restart script runs',
    'STOPPING=1',
  ]);
  const inherited = readFileSync(workspace.path('env'), 'utf8');
  assert.match(inherited, /^PSAVER_NAME=/m);
  assert.doesNotMatch(inherited, /^(NOTIFY_SOCKET|WATCHDOG_)/m);
});

test('the watchdog is pinged at half of its time, and not while pcheck is stopped; the manager has an abstract address', async (t) => {
  const plain = createWorkspace(t);
  const [workspace, manager] = listening(t, plain, `@psaver-${plain.ipckey}`, { WATCHDOG_USEC: '500000' });
  const withOwnPid: CommandLine = ['/bin/sh', '-c', 'WATCHDOG_PID=$$ exec "$0" "$@"'];
  const pcheck = start(workspace, onePent(workspace, process.execPath, '#!/bin/sh\n'), withOwnPid);
  await manager.heard('WATCHDOG=1');
  const first = Date.now();
  await manager.heard('WATCHDOG=1', 5);
  const milliseconds = Date.now() - first;
  assert.ok(milliseconds > 900, `four pings more in ${milliseconds} ms`);
  await freeze(pcheck);
  const before = manager.told().length;
  await delay(800);
  assert.equal(manager.told().length, before);
  pcheck.signal('SIGCONT');
  await manager.heard('WATCHDOG=1', 7);
  await terminates(pcheck);
  assert.deepEqual(
    manager.told().filter((line) => !line.startsWith('WATCHDOG=1')),
    ['READY=1\nSTATUS=1 of 1 entries available', 'STOPPING=1'],
  );
});

test('pings that are another process’s task are not sent', async (t) => {
  const plain = createWorkspace(t);
  const [workspace, manager] = listening(t, plain, plain.path('notify'), {
    WATCHDOG_USEC: '20000',
    WATCHDOG_PID: String(process.pid),
  });
  const pcheck = start(workspace, onePent(workspace, process.execPath, '#!/bin/sh\n'));
  await manager.heard(/READY=1/);
  await delay(300);
  await terminates(pcheck);
  assert.ok(!manager.told().includes('WATCHDOG=1'));
});

for (const address of ['/nowhere/notify', '@psaver-nobody', `/${'x'.repeat(200)}`, 'vsock:2:1']) {
  test(`a manager that does not listen at ${address.slice(0, 20)} disturbs nothing`, async (t) => {
    const plain = createWorkspace(t);
    const workspace = { ...plain, environment: { ...plain.environment, NOTIFY_SOCKET: address } };
    const pcheck = start(workspace, onePent(workspace, process.execPath, '#!/bin/sh\n'));
    await pcheck.logged(/Up/);
    const isUnknown = pcheck.messages().some((line) => line.startsWith(`NOTIFY_SOCKET=${address} is no`));
    assert.equal(isUnknown, address.startsWith('vsock'));
    await terminates(pcheck);
  });
}

/** SIGALRM as a careless parent may leave it. */
const DEAF_TO_ALARMS: CommandLine = ['env', '--ignore-signal=ALRM', '--block-signal=ALRM'];

test('LOOP_ALARM ends a pcheck that was stopped for longer, and neither one that runs nor its restart script', async (t) => {
  const workspace = createWorkspace(t);
  const script = '#!/bin/sh\nsleep 3\necho done > "$1"\nsleep 1000\n';
  const pfile = onePent(workspace, '/nowhere/daemon', script, ':start_wait=0', 'LOOP_ALARM 2\n');
  const pcheck = start(workspace, pfile, DEAF_TO_ALARMS);
  await until('the script has outlived the alarm', () => existsSync(workspace.path('env')));
  await freeze(pcheck);
  await delay(2200);
  pcheck.signal('SIGCONT');
  assert.equal(await pcheck.ended, 'SIGALRM');
});
