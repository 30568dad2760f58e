// The guide's own story with a real Tomcat and a real syslog file: healed three times, given up at the fourth
// death, watched afresh, left running when pcheck is stopped.
import assert from 'node:assert/strict';
import { readlinkSync, realpathSync } from 'node:fs';
import { test } from 'node:test';
import { tellStory } from '../../harness/story.ts';
import { createWorkspace } from '../../harness/workspace.ts';
import { withOwnJavaSettings } from './instance.ts';
import { whyNoScenario } from './requirements.ts';
import { setScene } from './scene.ts';
import { assertShown } from './shown.ts';
import { isCompatible } from './syslog.ts';

const options = { skip: whyNoScenario() ?? false, timeout: 240_000 };

test(
  'pcheck heals a real Tomcat three times, gives up at the fourth death, and begins afresh',
  options,
  async (t) => {
    const scene = await setScene(withOwnJavaSettings(createWorkspace(t)));
    const { instance, syslog } = scene;
    const step = tellStory(t, scene.tails);
    let tomcat = 0;

    await step('the start script starts Tomcat by a java that /usr/bin/java leads to', async () => {
      tomcat = await scene.startTomcat();
      const executable = readlinkSync(`/proc/${tomcat}/exe`);
      const expected = realpathSync('/usr/bin/java');
      assert.equal(executable, expected, `Tomcat runs ${executable}, /usr/bin/java leads to ${expected}`);
    });

    const pcheck = scene.watch();
    await step('pcheck finds it, and Up is in the syslog file', () =>
      syslog.logged(`(/usr/bin/java ,pid=${tomcat}) Up`, 'pcheck', pcheck.pid),
    );

    await step('padmin shows the ten keys in their order', async () =>
      assertShown(scene.padmin('show', 'pent'), { pid: tomcat, restarts: 0, monitoring: 'on' }),
    );

    for (const [index, signal] of (['SIGTERM', 'SIGKILL', 'SIGTERM'] as const).entries()) {
      const restarts = index + 1;
      await step(`after ${signal} number ${restarts} Tomcat answers under another pid`, async () => {
        const killed = tomcat;
        await instance.end(killed, signal);
        tomcat = await instance.answering();
        assert.notEqual(tomcat, killed);
        await syslog.logged(`Process [/usr/bin/java ,pid=${killed}] Down`, 'pcheck', pcheck.pid);
        await syslog.logged(`(/usr/bin/java ,pid=${tomcat}) Up`, 'pcheck', pcheck.pid);
        assertShown(scene.padmin('show', 'pent'), { pid: tomcat, restarts, monitoring: 'on' });
      });
    }

    await step('at the fourth death pcheck gives up and ends with status 1', async () => {
      await instance.end(tomcat, 'SIGTERM');
      assert.equal(await scene.ended(pcheck), 1);
      await syslog.logged('(/usr/bin/java) FATAL', 'pcheck', pcheck.pid);
      assert.equal(scene.padmin('show', 'pent').status, 1, 'padmin: pcheck is not running');
    });

    await step('Tomcat is started again by the script', async () => {
      tomcat = await scene.startTomcat();
    });

    const fresh = scene.watch();
    await step('a fresh pcheck starts with no retries used up', async () => {
      await syslog.logged(`(/usr/bin/java ,pid=${tomcat}) Up`, 'pcheck', fresh.pid);
      assertShown(scene.padmin('show', 'pent'), { pid: tomcat, restarts: 0, monitoring: 'on' });
    });

    await step('padmin stop turns monitoring off and leaves its line in the syslog file', async () => {
      assert.equal(scene.padmin('stop').status, 0);
      await syslog.logged(`Command execute. [stop] pfile=${realpathSync(instance.pfile)}`, 'padmin');
      assertShown(scene.padmin('show', 'pent'), { pid: tomcat, restarts: 0, monitoring: 'off' });
    });

    await step('SIGTERM ends pcheck with status 0, and Tomcat runs on', async () => {
      fresh.signal('SIGTERM');
      assert.equal(await scene.ended(fresh), 0);
      await syslog.logged('Stop pcheck!!', 'pcheck', fresh.pid);
      assert.equal(await instance.answering(), tomcat);
    });

    await step('the syslog file tells the story in the words that log watchers know', async () => {
      const texts = syslog.entries().filter((entry) => entry.tag === 'pcheck' && isCompatible(entry));
      assert.deepEqual(
        texts.map(({ text }) => text.replace(/pid=\d+/, 'pid=N')),
        STORY,
      );
    });

    await step('nothing is left at the end', () => scene.end());
  },
);

const UP = '(/usr/bin/java ,pid=N) Up';
const DOWN = 'Process [/usr/bin/java ,pid=N] Down';
const TRY = 'Try to restart (/usr/bin/java)';
const STORY = [
  UP,
  ...[DOWN, TRY, UP],
  ...[DOWN, TRY, UP],
  ...[DOWN, TRY, UP],
  ...[DOWN, '(/usr/bin/java) RETRY_OVER:EXIT', '(/usr/bin/java) FATAL'],
  UP,
  ...['SIGTERM Catch (15)!!', 'Stop pcheck!!'],
];
