// What psaver is for: a real cluster of two nodes with a real Tomcat. A light fault is healed on the node; a
// service that cannot be restarted moves; and never do two run at once.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { until } from '../harness/until.ts';
import { startClient } from './client.ts';
import { formCluster, type NodeName, otherOf, PFILE } from './cluster.ts';
import { firstOf, journalSince } from './journal.ts';
import { type Jvm, recordJvms } from './jvms.ts';
import { whyNoCluster } from './requirements.ts';
import { makeShared } from './shared.ts';

const SERVICE = 'http://192.0.2.10:8080/';
const SERVER_XML = '/etc/tomcat10/server.xml';

test('two nodes with Pacemaker', { skip: whyNoCluster(), timeout: 600_000 }, async (t) => {
  const scope = lastFirst(t);
  const shared = makeShared(scope);
  const jvms = recordJvms(scope, `${shared}/jvms`);
  const cluster = await formCluster(scope, shared);
  const client = startClient(scope, cluster.network.pid, SERVICE);
  let active: NodeName = 'node1';

  /** A part of the story; without it the rest makes no sense. */
  async function step(title: string, body: () => Promise<void>): Promise<void> {
    let passed = false;
    await t.test(title, async () => {
      await body();
      passed = true;
    });
    if (passed) return;
    console.error(cluster.picture());
    throw new Error(`the story ends at: ${title}`);
  }

  const onActive = () => cluster.node(active);
  /** Tomcat's end, and from then on no other that lives. */
  const breakTomcat = () => {
    onActive().shell(`mv ${SERVER_XML} ${SERVER_XML}.away`);
    killTomcat();
  };
  const killTomcat = () => void onActive().shell(`kill -KILL ${cluster.padmin(active)['pid']}`);
  const repairTomcat = (name: NodeName) => {
    cluster.node(name).shell(`mv ${SERVER_XML}.away ${SERVER_XML}`);
  };

  await step('the group starts, and Tomcat answers at the virtual address', async () => {
    const startedAt = Date.now();
    await cluster.boot('node1', 'node2');
    const onlineAt = Date.now();
    cluster.node('node1').shell('crm -F configure load update /shared/pacemaker/group.crm');
    cluster.node('node1').shell('crm -F configure load update /shared/node/fencing.crm');
    await until('Pacemaker has started psaver', () => cluster.place() !== undefined, 120);
    active = cluster.place() ?? active;
    await cluster.settledOn(active);
    await client.answeredBy(active);
    tell(t, 'cluster', { 'to both members': onlineAt - startedAt, 'to the service': Date.now() - onlineAt });
  });

  await step('Tomcat is killed: pcheck heals it on the node, nothing moves', async () => {
    const killedAt = Date.now();
    killTomcat();
    await until('another Tomcat was started', () => jvms.last().startedAt > killedAt, 60);
    const { at } = await client.answeredBy(active);
    await cluster.settledOn(active);
    assert.equal(cluster.padmin(active)['retry_count'], '1');
    assert.equal(cluster.failCount(active), 0);
    assert.deepEqual(client.nodesSince(killedAt), [active]);
    const [, after] = client.longestGap(killedAt);
    const ownStartSeconds = (after.at - jvms.last().startedAt) / 1000;
    tell(t, 'heal', {
      'without an answer': client.longestGapSeconds(killedAt) * 1000,
      'of that Tomcat’s own start': ownStartSeconds * 1000,
      'answered again after': at - killedAt,
    });
    assert.ok(client.longestGapSeconds(killedAt) <= ownStartSeconds + 1, 'Tomcat’s own start plus 1 s');
  });

  await step(
    'Tomcat can no longer start: the retries are used up, pcheck ends, the group moves',
    async () => {
      const from = active;
      const to = otherOf(active);
      const brokenAt = Date.now();
      breakTomcat();
      const { at } = await client.answeredBy(to);
      await cluster.settledOn(to);
      active = to;
      const there = cluster.padmin(to);
      assert.deepEqual([there['retry_count'], there['restart_count']], ['0', '0'], 'a fresh start');
      assert.equal(cluster.failCount(from), 1);
      assert.match(cluster.picture(), /psaver .*monitor on node\d .*RETRY_OVER:EXIT/);
      const lines = journalSince(cluster.node(from), brokenAt);
      const moment = (pattern: RegExp) => firstOf(lines, pattern)?.at ?? Number.NaN;
      const down = moment(/pcheck\[\d+\]: Process \[\/usr\/bin\/java ,pid=\d+\] Down/);
      const over = moment(/pcheck\[\d+\]: \(\/usr\/bin\/java\) RETRY_OVER:EXIT/);
      const stopping = moment(/Requesting local execution of stop operation for (psaver|tomcat)/);
      const starting = journalSince(cluster.node(to), brokenAt);
      const begun =
        firstOf(starting, /Requesting local execution of start operation for vip/)?.at ?? Number.NaN;
      assert.ok(moment(/pcheck\[\d+\]: \(\/usr\/bin\/java\) FATAL/) >= over);
      tell(t, 'fail-over', {
        'Down seen': down - brokenAt,
        retries: over - down,
        'cluster sees the end': stopping - over,
        stop: begun - stopping,
        'start to the first answer': at - begun,
        'in all': at - brokenAt,
        'without an answer': client.longestGapSeconds(brokenAt) * 1000,
      });
    },
  );

  await step('fail back, a planned move: pcheck ends in order and restarts nothing', async () => {
    const from = active;
    const to = otherOf(active);
    repairTomcat(to);
    cluster.node(to).shell(`crm_resource --cleanup --resource=psaver --node=${to}`);
    await until('the failure is forgotten', () => cluster.failCount(to) === 0, 60);
    const movedAt = Date.now();
    cluster.node(to).shell(`crm_resource --move --resource=tomcat-group --node=${to}`);
    await client.answeredBy(to);
    await cluster.settledOn(to);
    active = to;
    cluster.node(to).shell('crm_resource --clear --resource=tomcat-group');
    const lines = journalSince(cluster.node(from), movedAt);
    const caught = firstOf(lines, /pcheck\[\d+\]: SIGTERM Catch \(15\)!!/)?.at ?? Number.NaN;
    assert.ok((firstOf(lines, /pcheck\[\d+\]: Stop pcheck!!/)?.at ?? Number.NaN) >= caught);
    assert.equal(
      firstOf(lines, /Try to restart|\] Down/),
      undefined,
      'it saw no death while the group stopped',
    );
    tell(t, 'planned move', { 'without an answer': client.longestGapSeconds(movedAt) * 1000 });
  });

  await step('the cluster has the pfile read again without a restart', async () => {
    const pid = verdictPid();
    onActive().shell(`sed -i 's/:86400:3:/:86400:1:/' ${PFILE}`);
    onActive().shell('crm_resource --resource=psaver --set-parameter=generation --parameter-value=2');
    const retry = () => onActive().shell(`padmin -f ${PFILE} -c show pent --json`);
    await until('pcheck has the new pfile', () => /"retry": ?1\b/.test(retry()), 60);
    assert.equal(verdictPid(), pid);
    assert.equal(cluster.place(), active);
  });

  await step(
    'without migration-threshold an ended pcheck is started again for ever, on the same node',
    async () => {
      const since = Date.now();
      setThreshold('0');
      breakTomcat();
      const ends = () =>
        journalSince(onActive(), since).filter(({ text }) => /pcheck\[\d+\]: .* RETRY_OVER:EXIT/.test(text));
      await until('pcheck has ended twice', () => ends().length >= 2, 120);
      assert.equal(new Set(ends().map(({ text }) => text)).size >= 2, true, 'each is another pcheck');
      assert.equal(cluster.node(otherOf(active)).run(['pgrep', 'java']).status, 1, 'nothing moved');
      repairTomcat(active);
      await client.answeredBy(active);
      await cluster.settledOn(active);
      assert.ok(cluster.failCount(active) >= 2);
      onActive().shell(`crm_resource --cleanup --resource=psaver --node=${active}`);
      await until('the failures are forgotten', () => cluster.failCount(active) === 0, 60);
      setThreshold('1');
    },
  );

  await step(
    'the power of the active node fails: the other one makes sure of that and takes over',
    async () => {
      const from = active;
      const to = otherOf(active);
      const failedAt = Date.now();
      await cluster.node(from).crash();
      const { at } = await client.answeredBy(to);
      await cluster.settledOn(to);
      active = to;
      assert.deepEqual(cluster.power.switchedOff, [from]);
      const lines = journalSince(cluster.node(to), failedAt);
      const moment = (pattern: RegExp) => firstOf(lines, pattern)?.at ?? Number.NaN;
      const lost = moment(/corosync\[\d+\].*A processor failed/);
      const fenced = moment(/targeting node\d .*(OK|complete)/);
      tell(t, 'power cut', {
        'loss seen': lost - failedAt,
        fenced: fenced - lost,
        'start to the first answer': at - fenced,
        'in all': at - failedAt,
      });
      await cluster.boot(from);
    },
  );

  await step('the nodes lose sight of each other: one is fenced, the other serves', async () => {
    const cutAt = Date.now();
    cluster.network.cut('node1');
    await until('a node was fenced', () => cluster.power.switchedOff.length === 2, 120);
    const fenced = cluster.power.switchedOff[1];
    const survivor = fenced === 'node1' ? 'node2' : 'node1';
    const { at } = await client.answeredBy(survivor);
    await cluster.settledOn(survivor);
    assert.equal(cluster.power.switchedOff.length, 2, 'only one');
    tell(t, `network cut (${fenced} was fenced, the group was on ${active})`, {
      'answered for sure after': at - cutAt,
      'without an answer': client.longestGapSeconds(cutAt) * 1000,
    });
    active = survivor;
  });

  await t.test('no two Tomcats have ever run at once', () => {
    const all = jvms.all();
    for (const jvm of all) t.diagnostic(described(jvm, all[0]));
    assert.ok(all.length >= 8);
    assert.deepEqual(
      all.filter(({ isDouble }) => isDouble),
      [],
    );
    const overlaps = all.filter((jvm, index) => (all[index - 1]?.endedAt ?? 0) > jvm.startedAt);
    assert.deepEqual(overlaps, []);
  });

  function setThreshold(value: string): void {
    onActive().shell(
      `crm_resource --meta --resource=psaver --set-parameter=migration-threshold --parameter-value=${value}`,
    );
  }

  function verdictPid(): string {
    return onActive().shell('cut -d " " -f 3 /run/psaver-verdict/0x1f000101 | tail -n 1');
  }
});

/** What was opened last is closed first. */
function lastFirst(t: TestContext): Pick<TestContext, 'after'> {
  const closings: (() => unknown)[] = [];
  t.after(async () => {
    for (const close of closings.reverse()) await close();
  });
  return {
    after(close) {
      // Those of this folder take no arguments.
      if (close !== undefined) closings.push(close as () => unknown);
    },
  };
}

function tell(t: TestContext, what: string, parts: Readonly<Record<string, number>>): void {
  const texts = Object.entries(parts).map(([name, milliseconds]) => `${name} ${seconds(milliseconds)}`);
  t.diagnostic(`${what}: ${texts.join(', ')}`);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

function described({ node, startedAt, endedAt }: Jvm, first: Jvm | undefined): string {
  const moment = (at: number) => ((at - (first?.startedAt ?? 0)) / 1000).toFixed(3);
  return `Tomcat on ${node}: ${moment(startedAt)} to ${endedAt === undefined ? 'now' : moment(endedAt)}`;
}
