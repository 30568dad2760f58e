// What the story of cluster.test.ts needs around it: the cluster, the client, the record of every Tomcat; what an
// operator, and bad luck, do to the node that has the group.
import type { TestContext } from 'node:test';
import { until } from '../harness/until.ts';
import type { Machine } from '../machines/machine.ts';
import { type Client, startClient } from './client.ts';
import { type Cluster, formCluster, type NodeName } from './cluster.ts';
import { type Jvms, recordJvms } from './jvms.ts';
import { makeShared } from './shared.ts';

export type Stage = {
  readonly cluster: Cluster;
  readonly client: Client;
  readonly jvms: Jvms;
  /** The node that has the group; the story says where it has gone. */
  active: NodeName;
  onActive(): Machine;
  killTomcat(): void;
  /** Its end, and from then on none that lives. */
  breakTomcat(): void;
  repairTomcat(name: NodeName): void;
  /** The restart script that pcheck runs next hangs for a minute. */
  delayScript(): void;
  undelayScript(name: NodeName): void;
  changePfile(sed: string): void;
  /** By Pacemaker, through the agent. */
  readPfileAgain(): void;
  setMigrationThreshold(value: number): void;
  /** As an operator does once the cause is removed. */
  forgetFailures(name: NodeName): Promise<void>;
  verdict(): string;
  pcheckPid(): string;
};

const SERVICE = 'http://192.0.2.10:8080/';
const SERVER_XML = '/etc/tomcat10/server.xml';
const START_SCRIPT = '/var/opt/HA/PS/conf/bin/tomcat_start.sh';

export async function setStage(t: TestContext): Promise<Stage> {
  const scope = lastFirst(t);
  const shared = makeShared(scope);
  const jvms = recordJvms(scope, `${shared}/jvms`);
  const cluster = await formCluster(scope, shared);
  const client = startClient(scope, cluster.network.pid, SERVICE);
  let generation = 1;

  const stage: Stage = {
    cluster,
    client,
    jvms,
    active: 'node1',
    onActive: () => cluster.node(stage.active),
    killTomcat: () => void stage.onActive().shell(`kill -KILL ${cluster.padmin(stage.active)['pid']}`),
    breakTomcat() {
      stage.onActive().shell(`mv ${SERVER_XML} ${SERVER_XML}.away`);
      stage.killTomcat();
    },
    repairTomcat: (name) => void cluster.node(name).shell(`mv ${SERVER_XML}.away ${SERVER_XML}`),
    delayScript: () => void stage.onActive().shell(`sed -i '2i sleep 60' ${START_SCRIPT}`),
    undelayScript: (name) => void cluster.node(name).shell(`sed -i 2d ${START_SCRIPT}`),
    changePfile: (sed) => void stage.onActive().shell(`sed -i '${sed}' ${cluster.pfile}`),
    readPfileAgain() {
      generation += 1;
      crmResource(`--set-parameter=generation --parameter-value=${generation}`);
    },
    setMigrationThreshold: (value) =>
      crmResource(`--meta --set-parameter=migration-threshold --parameter-value=${value}`),
    async forgetFailures(name) {
      crmResource(`--cleanup --node=${name}`);
      await until(`the failures on ${name} are forgotten`, () => cluster.failCount(name) === 0, 60);
    },
    verdict: () => stage.onActive().shell('cat /run/psaver-verdict/0x1f000101'),
    pcheckPid: () => stage.verdict().split('\n')[1]?.split(' ')[2] ?? '',
  };

  function crmResource(words: string): void {
    stage.onActive().shell(`crm_resource --resource=psaver ${words}`);
  }
  return stage;
}

/** What was opened last is closed first. */
function lastFirst(t: TestContext): Pick<TestContext, 'after'> {
  const closings: (() => unknown)[] = [];
  t.after(async () => {
    for (const close of closings.reverse()) await close();
  });
  return {
    after(close) {
      // Those of these tests take no arguments.
      if (close !== undefined) closings.push(close as () => unknown);
    },
  };
}
