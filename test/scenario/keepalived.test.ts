// A real keepalived with the configuration of examples/keepalived, in a network namespace of its own: the address is
// there while the verdict of a real pcheck is good, goes when it is not, and comes back.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { behindPrefix, showPent, startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

const NETWORK = [
  'ip link add eth0 type veth peer name other',
  'ip addr add 192.0.2.1/24 dev eth0',
  'ip link set other up',
  'ip link set eth0 up',
].join(' && ');

function whyNoKeepalived(): string | false {
  if (process.getuid?.() !== 0) return 'needs root';
  if (spawnSync('keepalived', ['--version']).status !== 0) return 'needs keepalived';
  const { status, stderr } = spawnSync('unshare', ['--net', '--', '/bin/sh', '-c', NETWORK], {
    encoding: 'utf8',
  });
  return status === 0 ? false : `needs a network namespace of its own, and ip: ${stderr.trim()}`;
}

type Keepalived = {
  /** Waits until it has said this so many times. */
  said(what: string, count: number): Promise<void>;
  end(): Promise<void>;
};

function startKeepalived(workspace: Workspace): Keepalived {
  // Only what belongs to the place is changed.
  const config = readFileSync('examples/keepalived/keepalived.conf', 'utf8')
    .replace('/usr/local/lib/psaver/', `${resolve('examples/check')}/`)
    .replace('/run/psaver-verdict/0x1f000101', workspace.verdict)
    .replace('enable_script_security', '')
    .replace('script_user nobody', 'script_user root');
  const files = ['-p', workspace.path('keepalived.pid'), '-r', workspace.path('vrrp.pid')];
  const words = ['-n', '-l', '-P', '-f', workspace.write('keepalived.conf', config), ...files] as const;
  const isolated: Workspace = {
    ...workspace,
    prefix: ['unshare', '--net', '--', '/bin/sh', '-c', `${NETWORK} && exec "$0" "$@"`],
  };
  const [file, ...rest] = behindPrefix(isolated, ['keepalived', ...words]);
  const child = spawn(file, rest, { env: workspace.environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const ended = new Promise<void>((done) => child.on('close', () => done()));
  return {
    said: (what, count) =>
      until(`keepalived has said ${count} × ${what}`, () => text.split(what).length > count, 60).catch(
        (error: unknown) => {
          throw new Error(`${String(error)}; it said:\n${text}`);
        },
      ),
    end() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

test('keepalived has the address while a service is healed, gives it away when pcheck gives up, and takes it again', {
  skip: whyNoKeepalived(),
}, async (t) => {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, STARTS_SERVICE, '1:exit:restart_interval=0:start_wait=0.3');
  const first = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await first.logged(/Up/);
  const keepalived = startKeepalived(workspace);
  await keepalived.said('Entering MASTER STATE', 1);
  process.kill(Number(showPent(workspace, pfile)['pid']), 'SIGKILL');
  assert.equal(await first.ended, 1);
  await keepalived.said('Entering FAULT STATE', 1);
  // The operator starts both again.
  const second = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await second.logged(/Up/);
  await keepalived.said('Entering MASTER STATE', 2);
  second.signal('SIGKILL');
  await keepalived.said('Entering FAULT STATE', 2);
  await keepalived.end();
});
