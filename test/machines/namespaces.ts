// The namespaces that a machine lives in, and the process that they go with.
import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { until } from '../harness/until.ts';
import type { CommandLine } from '../harness/workspace.ts';

export type Namespaces = {
  /** Their first process, as this machine counts. */
  pid(): Promise<number>;
  /** Takes all of their processes along. */
  kill(): void;
  readonly isGone: () => boolean;
  /** What the first process has written so far. */
  console(): string;
};

/** Paths here to paths there. */
export type Shown = Readonly<Record<string, string>>;

/** What may be read there, and what may be written too. */
type Seen = { readonly shown: Shown; readonly shared: Shown };

/** Of this machine's environment nothing reaches the other. */
export const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
} as const;

/** First the group: its own is the root of all groups that a process in a new namespace of groups sees. */
const ENTER_GROUP = ['/bin/sh', '-c', 'echo $$ >"$0"/cgroup.procs && exec "$@"'] as const;

/** systemd has to know that it is not alone on the hardware. */
const INIT_ENVIRONMENT = { ...ENVIRONMENT, container: 'psaver-test' };

export function openNamespaces(
  controlGroup: string,
  name: string,
  seen: Seen,
  command: CommandLine,
): Namespaces {
  const [file, ...words] = [...ENTER_GROUP, controlGroup, ...inNamespaces(name, seen, command)] as const;
  const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'pipe'], env: INIT_ENVIRONMENT });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  let isGone = false;
  child.once('exit', () => {
    isGone = true;
  });
  let pid: number | undefined;
  return {
    async pid() {
      const line = () => /^\d+$/m.exec(text)?.[0];
      await until(`${name} has its namespaces`, () => isGone || line() !== undefined);
      if (isGone || line() === undefined) throw new Error(`${name} cannot be booted: ${text}`);
      pid = Number(line());
      return pid;
    },
    kill() {
      // Before it is known: with its parent, which ends with it otherwise.
      if (!isGone) process.kill(pid ?? child.pid ?? 0, 'SIGKILL');
    },
    isGone: () => isGone,
    console: () => text,
  };
}

/** All but systemd; why that is not possible. */
export function tryNamespaces(): string | undefined {
  const [file, ...words] = inNamespaces('trial', { shown: {}, shared: {} }, ['true']);
  const { status, stderr, error } = spawnSync(file, words, {
    encoding: 'utf8',
    timeout: 60_000,
    env: INIT_ENVIRONMENT,
  });
  if (status === 0) return undefined;
  return `needs namespaces, mounts and an overlay of its own: ${(error?.message ?? stderr).trim()}`;
}

/** Both signals: who is killed takes all along, be it the test, unshare or PID 1. */
function inNamespaces(name: string, { shown, shared }: Seen, command: CommandLine): CommandLine {
  return [
    ...(['setpriv', '--pdeathsig=KILL', '--'] as const),
    ...['unshare', '--fork', '--kill-child=KILL'],
    ...['--mount', '--pid', '--uts', '--ipc', '--cgroup', '--net', '--'],
    ...[resolve('test/machines/boot.sh'), name],
    ...Object.entries(shown).map(([here, there]) => `${resolve(here)}=${there}`),
    ...Object.entries(shared).map(([here, there]) => `${resolve(here)}==${there}`),
    ...['--', ...command],
  ];
}
