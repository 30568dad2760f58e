// Two switches in a network namespace of their own, so that a node that goes takes only its own plugs along: one
// for the service, where the client is too, and one for what the nodes have to tell each other.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import type { CommandLine } from '../harness/workspace.ts';
import type { Machine } from '../machines/machine.ts';

export type Network = {
  /** A process in the namespace of the switches. */
  readonly pid: number;
  /** Gives it eth0 (service) and eth1 (the nodes among themselves). */
  plug(machine: Machine): void;
  /** Cuts its line to the other node; the service's stays. */
  cut(name: string): void;
};

const CLIENT_ADDRESS = '192.0.2.254/24';
/** Both end with the test, the namespace with them. */
const WITH_THE_TEST = ['setpriv', '--pdeathsig=KILL', '--'] as const;

export async function openNetwork(t: Pick<TestContext, 'after'>): Promise<Network> {
  const [file, ...words] = [...WITH_THE_TEST, 'unshare', '--net', '--', 'sh', '-c', 'echo ready; read -r _'];
  const holder = spawn(file, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  const pid = holder.pid ?? 0;

  function ip(text: string): void {
    const [file, ...words] = inNetworkOf(pid, ['ip', ...text.split(' ')]);
    const { status, stderr } = spawnSync(file, words, { encoding: 'utf8', timeout: 60_000 });
    if (status !== 0) throw new Error(`ip ${text}: ${stderr}`);
  }

  ip('link set lo up');
  for (const name of ['service', 'ring']) {
    ip(`link add ${name} type bridge`);
    ip(`link set ${name} up`);
  }
  ip(`address add ${CLIENT_ADDRESS} dev service`);
  return {
    pid,
    plug(machine) {
      for (const [wire, port] of [
        ['service', 'eth0'],
        ['ring', 'eth1'],
      ] as const) {
        ip(`link add ${port}-${machine.name} type veth peer name ${port} netns ${machine.pid}`);
        ip(`link set ${port}-${machine.name} master ${wire} up`);
      }
    },
    cut: (name) => ip(`link set eth1-${name} down`),
  };
}

export function inNetworkOf(pid: number, command: CommandLine): CommandLine {
  return [...WITH_THE_TEST, 'nsenter', `--target=${pid}`, '--net', '--', ...command];
}
