// What psaver is for: a real cluster of two nodes with a real Tomcat. A light fault is healed on the node; a
// service that cannot be restarted moves; and never do two run at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellStory } from '../harness/story.ts';
import { until } from '../harness/until.ts';
import { otherOf } from './cluster.ts';
import { journalSince } from './journal.ts';
import { whyNoCluster } from './requirements.ts';
import { setStage } from './stage.ts';
import { described, momentOf, tell } from './tell.ts';

test('two nodes with Pacemaker', { skip: whyNoCluster(), timeout: 600_000 }, async (t) => {
  const stage = await setStage(t);
  const { cluster, client, jvms } = stage;

  const step = tellStory(t, cluster.picture);

  await step('the group starts, and Tomcat answers at the virtual address', async () => {
    const startedAt = Date.now();
    await cluster.boot('node1', 'node2');
    const onlineAt = Date.now();
    for (const file of ['pacemaker/group.crm', 'node/fencing.crm']) {
      cluster.node('node1').shell(`crm -F configure load update /shared/${file}`);
    }
    await until('Pacemaker has started psaver', () => cluster.place() !== undefined, 120);
    stage.active = cluster.place() ?? stage.active;
    await cluster.settledOn(stage.active);
    await client.answeredBy(stage.active);
    tell(t, 'cluster', { 'to both members': onlineAt - startedAt, 'to the service': Date.now() - onlineAt });
  });

  await step('Tomcat is killed: pcheck heals it on the node, nothing moves', async () => {
    const killedAt = Date.now();
    stage.killTomcat();
    await until('another Tomcat was started', () => jvms.last().startedAt > killedAt, 60);
    const { at } = await client.answeredBy(stage.active);
    await cluster.settledOn(stage.active);
    assert.equal(cluster.padmin(stage.active)['retry_count'], '1');
    assert.equal(cluster.failCount(stage.active), 0);
    assert.deepEqual(client.nodesSince(killedAt), [stage.active]);
    const [before, after] = client.longestGap(killedAt);
    const gap = after.at - before.at;
    const ownStart = after.at - jvms.last().startedAt;
    tell(t, 'heal', {
      'without an answer': gap,
      'own start of that Tomcat': ownStart,
      'in all': at - killedAt,
    });
    assert.ok(gap <= ownStart + 1000, `${gap} ms, but Tomcat’s own start took ${ownStart} ms`);
  });

  await step('Tomcat cannot start any more: pcheck uses up the retries, and the group moves', async () => {
    const from = stage.active;
    const to = otherOf(from);
    const brokenAt = Date.now();
    stage.breakTomcat();
    const { at } = await client.answeredBy(to);
    await cluster.settledOn(to);
    stage.active = to;
    const there = cluster.padmin(to);
    assert.deepEqual([there['retry_count'], there['restart_count']], ['0', '0'], 'a fresh start');
    assert.equal(cluster.failCount(from), 1);
    assert.match(cluster.picture(), /psaver .*monitor on node\d .*RETRY_OVER:EXIT/);
    const lines = journalSince(cluster.node(from), brokenAt);
    const down = momentOf(lines, /pcheck\[\d+\]: Process \[\/usr\/bin\/java ,pid=\d+\] Down/);
    const over = momentOf(lines, /pcheck\[\d+\]: \(\/usr\/bin\/java\) RETRY_OVER:EXIT/);
    const stop = momentOf(lines, /Requesting local execution of stop operation for (psaver|tomcat)/);
    const begun = journalSince(cluster.node(to), brokenAt);
    const start = momentOf(begun, /Requesting local execution of start operation for vip/);
    assert.ok(momentOf(lines, /pcheck\[\d+\]: \(\/usr\/bin\/java\) FATAL/) >= over);
    tell(t, 'fail-over', {
      'death seen': down - brokenAt,
      retries: over - down,
      'end seen by the cluster': stop - over,
      stop: start - stop,
      'start to the first answer': at - start,
      'in all': at - brokenAt,
      'without an answer': client.longestGapSeconds(brokenAt) * 1000,
    });
  });

  await step('fail back, a planned move: pcheck ends in order and restarts nothing', async () => {
    const from = stage.active;
    const to = otherOf(from);
    stage.repairTomcat(to);
    await stage.forgetFailures(to);
    const movedAt = Date.now();
    cluster.node(to).shell(`crm_resource --move --resource=tomcat-group --node=${to}`);
    await client.answeredBy(to);
    await cluster.settledOn(to);
    stage.active = to;
    cluster.node(to).shell('crm_resource --clear --resource=tomcat-group');
    const lines = journalSince(cluster.node(from), movedAt);
    const caught = momentOf(lines, /pcheck\[\d+\]: SIGTERM Catch \(15\)!!/);
    assert.ok(momentOf(lines, /pcheck\[\d+\]: Stop pcheck!!/) >= caught);
    assert.deepEqual(
      lines.filter(({ text }) => /pcheck\[\d+\]: (Try to restart|.* Down)/.test(text)),
      [],
    );
    tell(t, 'planned move', { 'without an answer': client.longestGapSeconds(movedAt) * 1000 });
  });

  await step('the cluster has the pfile read again without a restart', async () => {
    const pid = stage.pcheckPid();
    stage.changePfile('s/:86400:3:/:86400:1:/');
    stage.readPfileAgain();
    const shown = () => stage.onActive().shell(`padmin -f ${cluster.pfile} -c show pent --json`);
    await until('pcheck has the new pfile', () => /"retry": ?1\b/.test(shown()), 60);
    assert.equal(stage.pcheckPid(), pid);
    assert.equal(cluster.failCount(stage.active), 0);
  });

  await step('an entry that is given up by continue is degraded, not failed: nothing moves', async () => {
    stage.changePfile('$a /usr/bin/absent:/bin/false:86400:0:continue:start_wait=0.5');
    stage.readPfileAgain();
    await until('Pacemaker knows of it', () => /psaver.*degraded/i.test(cluster.picture()), 60);
    assert.match(cluster.picture(), /\(\/usr\/bin\/absent\) RETRY_OVER:CONTINUE/);
    assert.equal(cluster.failCount(stage.active), 0);
    await cluster.settledOn(stage.active);
    stage.changePfile('$d');
    stage.readPfileAgain();
    await until('pcheck is content again', () => stage.verdict().startsWith('ok\n'), 60);
  });

  await step('a script that a killed pcheck has left ends with the move, and starts nothing', async () => {
    const from = stage.active;
    const to = otherOf(from);
    const killedAt = Date.now();
    stage.delayScript();
    stage.killTomcat();
    const isBegun = /pcheck\[\d+\]: Try to restart/;
    await until('it runs', () => momentOf(journalSince(cluster.node(from), killedAt), isBegun) > 0, 60);
    stage.onActive().shell(`kill -KILL ${stage.pcheckPid()}`);
    const { at } = await client.answeredBy(to);
    await cluster.settledOn(to);
    stage.active = to;
    assert.equal(cluster.node(from).run(['pgrep', '--full', 'tomcat_start[.]sh']).status, 1, 'none is left');
    const lines = journalSince(cluster.node(from), killedAt);
    assert.ok(momentOf(lines, /ends the restart script that a killed pcheck has left/) > 0);
    tell(t, 'pcheck killed while it healed', { 'to the first answer': at - killedAt });
    stage.undelayScript(from);
    await stage.forgetFailures(from);
  });

  await step(
    'without migration-threshold an ended pcheck is started again and again, and nothing moves',
    async () => {
      const since = Date.now();
      stage.setMigrationThreshold(0);
      stage.changePfile('s/:86400:3:/:86400:1:/');
      stage.readPfileAgain();
      stage.breakTomcat();
      const isEnd = /(pcheck\[\d+\]): \(\/usr\/bin\/java\) RETRY_OVER:EXIT/;
      const ends = () => journalSince(stage.onActive(), since).filter(({ text }) => isEnd.test(text));
      await until('pcheck has ended twice', () => ends().length >= 2, 120);
      assert.equal(new Set(ends().map(({ text }) => isEnd.exec(text)?.[1])).size, ends().length);
      assert.equal(cluster.node(otherOf(stage.active)).run(['pgrep', 'java']).status, 1, 'nothing moved');
      stage.repairTomcat(stage.active);
      await client.answeredBy(stage.active);
      await cluster.settledOn(stage.active);
      assert.ok(cluster.failCount(stage.active) >= 2);
      await stage.forgetFailures(stage.active);
      stage.setMigrationThreshold(1);
    },
  );

  await step(
    'the power of the active node fails: the other one makes sure of it and takes over',
    async () => {
      const from = stage.active;
      const to = otherOf(from);
      const failedAt = Date.now();
      await cluster.node(from).crash();
      const { at } = await client.answeredBy(to);
      await cluster.settledOn(to);
      stage.active = to;
      assert.deepEqual(cluster.power.switchedOff, [from]);
      const lines = journalSince(cluster.node(to), failedAt);
      const lost = momentOf(lines, /corosync\[\d+\].*A processor failed/);
      const start = momentOf(lines, /Requesting local execution of start operation for vip/);
      tell(t, 'power cut', {
        'loss seen': lost - failedAt,
        'fenced, the delay of 5 s included': start - lost,
        'start to the first answer': at - start,
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
    tell(t, `network cut (the group was on ${stage.active}, ${fenced} was fenced)`, {
      'fenced, and an answer': at - cutAt,
      'without an answer': client.longestGapSeconds(cutAt) * 1000,
    });
  });

  await step('of all these Tomcats no two have ever run at once', async () => {
    const all = jvms.all();
    for (const jvm of all) t.diagnostic(described(jvm, all[0]));
    assert.ok(all.length >= 8, 'they were recorded');
    assert.deepEqual(
      all.filter(({ isDouble }) => isDouble),
      [],
    );
  });
});
