// A /dev of the test's own, in a mount namespace: a syslog daemon makes /dev/log there, whether or not the
// machine has one, and nothing of it stays behind. Processes are not hidden from each other, only mounts are.
import { spawn } from 'node:child_process';
import type { Workspace } from '../../harness/workspace.ts';

export type PrivateDev = {
  /** The same workspace, every command of which runs in the namespace. */
  readonly inside: Workspace;
  /** Where the namespace's own /dev is seen from outside. */
  readonly path: string;
  /** The process that keeps the namespace. */
  readonly holder: number;
  /** Ends what still runs in the namespace, and with it the namespace. */
  close(): void;
};

// The holder ends when its standard input does: so the namespace cannot outlive the test, however that ends.
// Until nobody is left, because pcheck may start something while the first ones are ended.
const HOLDER = `
set -e
mkdir "$1"
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir -m 1777 "$1/shm"
for node in null zero full random urandom tty; do
  : > "$1/$node"
  mount --bind "/dev/$node" "$1/$node"
done
ln -s /proc/self/fd "$1/fd"
ln -s fd/0 "$1/stdin"
ln -s fd/1 "$1/stdout"
ln -s fd/2 "$1/stderr"
mount --move "$1" /dev
rmdir "$1"
echo ready
set +e
while read -r _; do :; done
own=$(readlink /proc/$$/ns/mnt)
while
  ended=
  for process in /proc/[0-9]*; do
    pid=\${process#/proc/}
    [ "$pid" != $$ ] && [ "$(readlink "$process/ns/mnt")" = "$own" ] && kill -KILL "$pid" && ended=$pid
  done
  [ "$ended" ]
do :; done
`;

const UNSHARE = ['--mount', '--propagation', 'private'];

export async function openPrivateDev(workspace: Workspace): Promise<PrivateDev> {
  const words = [...UNSHARE, '--', 'sh', '-c', HOLDER, 'holder', workspace.path('dev')];
  const holder = spawn('unshare', words, { env: workspace.environment, stdio: 'pipe' });
  let complaints = '';
  holder.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk;
  });
  await new Promise<void>((ready, fail) => {
    holder.stdout.once('data', () => ready());
    holder.once('error', fail);
    holder.once('close', () => fail(new Error(`no namespace: ${complaints}`)));
  });
  const pid = holder.pid ?? 0;
  return {
    inside: { ...workspace, prefix: ['nsenter', '--target', String(pid), '--mount', '--'] },
    holder: pid,
    path: `/proc/${pid}/root/dev`,
    close: () => void holder.stdin.end(),
  };
}
