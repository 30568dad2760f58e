// Two nodes with Corosync and Pacemaker, with fencing, and the group of examples/pacemaker on them.
import type { TestContext } from 'node:test';
import { firstPent } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { bootMachine, type Machine } from '../machines/machine.ts';
import { type Network, openNetwork } from './network.ts';
import { openPowerSwitch, type PowerSwitch } from './power.ts';

export type NodeName = 'node1' | 'node2';

export type Cluster = {
  readonly network: Network;
  readonly power: PowerSwitch;
  /** Where it lies on both nodes. */
  readonly pfile: string;
  node(name: NodeName): Machine;
  /** Boots it, also once more after it was gone, and waits until it is a member. */
  boot(...names: readonly NodeName[]): Promise<void>;
  /** Where Pacemaker runs psaver, and with it the whole group. */
  place(): NodeName | undefined;
  /** Waits until the group runs whole on that node, with Tomcat watched. */
  settledOn(name: NodeName): Promise<void>;
  /** The values that padmin shows there of Tomcat's entry. */
  padmin(name: NodeName): Readonly<Record<string, string>>;
  /** How often psaver has failed there. */
  failCount(name: NodeName): number;
  /** crm_mon's picture, seen from a node that is on. */
  picture(): string;
};

const PFILE = '/var/opt/HA/PS/conf/pfile_tomcat';
const PATIENCE_SECONDS = 120;

export function otherOf(name: NodeName): NodeName {
  return name === 'node1' ? 'node2' : 'node1';
}

export async function formCluster(t: Pick<TestContext, 'after'>, shared: string): Promise<Cluster> {
  const network = await openNetwork(t);
  const power = openPowerSwitch(t, `${shared}/power`);
  const machines = new Map<NodeName, Machine>();

  function node(name: NodeName): Machine {
    const machine = machines.get(name);
    if (machine === undefined) throw new Error(`${name} was never booted`);
    return machine;
  }

  async function bootOne(name: NodeName): Promise<void> {
    const machine = await bootMachine(t, name, {
      shown: { [process.execPath]: '/usr/local/bin/node' },
      shared: { [shared]: '/shared' },
    });
    network.plug(machine);
    machine.shell('/shared/node/prepare.sh');
    machine.shell('systemctl --no-block start pacemaker');
    machines.set(name, machine);
    power.connect(machine);
  }

  function ask(command: readonly [string, ...string[]]): string {
    for (const machine of machines.values()) {
      if (machine.isOff()) continue;
      const { status, stdout } = machine.run(command);
      if (status === 0) return stdout;
    }
    return '';
  }

  const cluster: Cluster = {
    network,
    power,
    pfile: PFILE,
    node,
    async boot(...names) {
      await Promise.all(names.map(bootOne));
      const online = /Online: \[ node1 node2 \]/;
      const areMembers = () => names.every((name) => online.test(node(name).run(['crm_mon', '-1']).stdout));
      await until(`both nodes are members of the cluster`, areMembers, PATIENCE_SECONDS);
    },
    place() {
      const found = /is running on: (node[12])/.exec(ask(['crm_resource', '--resource=psaver', '--locate']));
      return found?.[1] === 'node1' || found?.[1] === 'node2' ? found[1] : undefined;
    },
    async settledOn(name) {
      const isSettled = () => cluster.place() === name && cluster.padmin(name)['proc_sts'] === 'AVAIL';
      await until(`the group runs on ${name}`, isSettled, PATIENCE_SECONDS);
    },
    padmin: (name) => firstPent(node(name).run(['padmin', '-f', PFILE, '-c', 'show', 'pent'])),
    failCount(name) {
      const text = node(name).run(['crm_failcount', '--query', '--resource=psaver', `--node=${name}`]).stdout;
      const value = /value=(\S+)/.exec(text)?.[1] ?? '0';
      return value === 'INFINITY' ? Infinity : Number(value);
    },
    picture: () => ask(['crm_mon', '-1', '-rf']),
  };
  return cluster;
}
