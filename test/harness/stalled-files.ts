// A file system that can be stalled: a FUSE server (bindfs) that is stopped, in a mount namespace of its own. It shows
// the workspace's folder `real` under `mounted`, also to programs that are started in that namespace.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { whyNoNamespace } from './namespaces.ts';
import { whyMissing } from './packages.ts';
import { until } from './until.ts';
import type { Workspace } from './workspace.ts';

/** How a call hangs: its request waits for the server (SIGKILL ends that), or the server has it (nothing does). */
export type StalledKind = 'untaken' | 'taken';

export type StalledFiles = {
  readonly real: string;
  readonly mounted: string;
  /** Runs a program that sees it; its pid is the child's. */
  spawn(words: readonly [string, ...string[]]): ChildProcess;
  stall(): Promise<void>;
  thaw(): void;
  /** Thaws it, and it is gone. */
  remove(): Promise<void>;
};

export function whyNoStalledFiles(): string | false {
  const missing = whyMissing({ bindfs: '/usr/bin/bindfs' });
  if (missing !== undefined) return missing;
  return existsSync('/dev/fuse') ? whyNoNamespace() : 'needs /dev/fuse';
}

// Ends when its standard input does, so that nothing stays stopped or mounted, however the test ends. A server that
// hands its requests on to another one, which is stopped, has taken them.
const STAGE = `
set -e
trap exit TERM INT HUP
cd "$1"
serve() {
  bindfs -f -o attr_timeout=0,entry_timeout=0,negative_timeout=0 "$1" "$2" &
  until mountpoint -q "$2"; do sleep 0.02; done
}
serve real lower
server=$!
trap 'kill -CONT $server; umount -l upper lower 2>/dev/null' EXIT
if [ "$2" = taken ]; then serve lower upper; else mount --bind lower upper; fi
echo $server
read -r _ || :
`;

export async function mountStalledFiles(workspace: Workspace, kind: StalledKind): Promise<StalledFiles> {
  for (const name of ['real', 'lower', 'upper']) mkdirSync(workspace.path(name));
  const words = [
    '--mount',
    '--propagation',
    'private',
    '--',
    '/bin/sh',
    '-c',
    STAGE,
    'stage',
    workspace.folder,
    kind,
  ];
  const stage = spawn('unshare', words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const server = Number(await lineOf(stage));
  return {
    real: workspace.path('real'),
    mounted: workspace.path('upper'),
    spawn: (program) =>
      spawn('nsenter', [`--mount=/proc/${stage.pid}/ns/mnt`, '--', ...program], {
        env: workspace.environment,
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    async stall() {
      process.kill(server, 'SIGSTOP');
      // A thread of it that has not stopped yet would take one more request.
      await until('the server stands', () => isStopped(server));
    },
    thaw: () => void process.kill(server, 'SIGCONT'),
    remove: () =>
      new Promise((done) => {
        stage.once('close', () => done());
        stage.stdin?.end();
      }),
  };
}

function isStopped(pid: number): boolean {
  const tasks = readdirSync(`/proc/${pid}/task`);
  return tasks.every((task) => / T /.test(readFileSync(`/proc/${pid}/task/${task}/stat`, 'latin1')));
}

function lineOf(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    child.stdout?.once('data', (bytes) => done(String(bytes)));
    child.once('close', () => fail(new Error('there is no file system')));
  });
}
