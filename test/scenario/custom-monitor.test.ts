// pcheck as the asynchronous custom monitor resource of a cluster, whose EXEC resource starts and stops the service:
// docs/expresscluster.md, with a stand-in for the cluster.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type CustomMonitor, startCustomMonitor } from '../harness/custom-monitor.ts';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { run, showPent } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, startedFrom, type Workspace } from '../harness/workspace.ts';

type Cluster = {
  readonly workspace: Workspace;
  readonly pfile: string;
  /** The EXEC resource becomes active on a node, then the monitor resource begins. */
  activate(node: string): CustomMonitor;
  /** The monitor stops, then the EXEC resource. */
  deactivate(monitor: CustomMonitor): Promise<void>;
  /** The pid of the service, as pcheck sees it. */
  service(): number;
};

function createCluster(t: TestContext, options: string, script = STARTS_SERVICE): Cluster {
  const workspace = createWorkspace(t);
  const pfile = oneEntry(workspace, script, options);
  const service = () => Number(showPent(workspace, pfile)['pid']);
  return {
    workspace,
    pfile,
    activate(node) {
      run(workspace, ['/bin/sh', '-c', '"$0" 86400 >/dev/null 2>&1 &', workspace.path('service')]);
      return startCustomMonitor(workspace, `${resolve('bin/pcheck')} -f ${pfile} --no-syslog`, node);
    },
    async deactivate(monitor) {
      if (monitor.state() === 'normal') await monitor.stop();
      for (const pid of servicesOf(workspace)) process.kill(pid, 'SIGTERM');
      await until('the service has ended', () => servicesOf(workspace).length === 0);
    },
    service,
  };
}

function servicesOf(workspace: Workspace): number[] {
  return startedFrom(workspace).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith(workspace.path('service'));
    } catch {
      // Gone in between.
      return false;
    }
  });
}

async function up(monitor: CustomMonitor, count: number): Promise<void> {
  await until(`Up × ${count}`, () => monitor.log().split(') Up').length > count);
}

test('light faults are healed without the monitor noticing, the last one fails over, and the other node starts with all retries', async (t) => {
  const cluster = createCluster(t, '2:exit:restart_interval=0');
  const first = cluster.activate('node1');
  await up(first, 1);
  for (const count of [2, 3]) {
    process.kill(cluster.service(), 'SIGKILL');
    await up(first, count);
    assert.equal(first.state(), 'normal');
  }
  process.kill(cluster.service(), 'SIGKILL');
  await first.fails();
  assert.equal(first.end(), 1);
  await cluster.deactivate(first);

  const second = cluster.activate('node2');
  await up(second, 1);
  assert.equal(showPent(cluster.workspace, cluster.pfile)['retry_count'], '0');
  process.kill(cluster.service(), 'SIGKILL');
  await up(second, 2);
  await cluster.deactivate(second);
  assert.equal(second.end(), 0);
});

test('the monitor has no terminal and needs no environment; what pcheck says is in its log', async (t) => {
  const cluster = createCluster(t, '3:exit');
  const monitor = cluster.activate('node1');
  await up(monitor, 1);
  const stat = readFileSync(`/proc/${monitor.pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  assert.equal(stat[4], '0', 'tty_nr');
  await monitor.stop();
  assert.equal(monitor.end(), 0);
  assert.match(monitor.log(), /pcheck\[\d+\]: notice: SIGTERM Catch \(15\)!!\n.*Stop pcheck!!\n$/);
});

test('when the group moves during a restart the script ends with pcheck, and starts no service behind the cluster', async (t) => {
  const script = 'echo "$$" >"$(dirname "$0")/script"\nsleep 5\n"$(dirname "$0")"/service 86400 &';
  const cluster = createCluster(t, '3:exit', script);
  const monitor = cluster.activate('node1');
  await up(monitor, 1);
  process.kill(cluster.service(), 'SIGKILL');
  await until('the script runs', () => existsSync(cluster.workspace.path('script')));
  await cluster.deactivate(monitor);
  await until('nothing of it is left', () => startedFrom(cluster.workspace).length === 0);
  assert.deepEqual(servicesOf(cluster.workspace), []);
});

test('a pcheck that is killed, or cannot start, is an error for the monitor too', async (t) => {
  const cluster = createCluster(t, '3:exit');
  const killed = cluster.activate('node1');
  await up(killed, 1);
  process.kill(killed.pid, 'SIGKILL');
  await killed.fails();
  await cluster.deactivate(killed);

  const command = `${resolve('bin/pcheck')} -f ${cluster.workspace.path('nowhere')} --no-syslog`;
  const none = startCustomMonitor(cluster.workspace, command, 'bad');
  await none.fails();
  assert.equal(none.end(), 66);
  assert.match(none.log(), /nowhere/);
});
