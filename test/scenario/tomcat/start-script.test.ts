// examples/tomcat/tomcat_start.sh on its own: its exit status says whether Tomcat runs.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { run } from '../../harness/programs.ts';
import { createWorkspace } from '../../harness/workspace.ts';
import { createInstance, withOwnJavaSettings } from './instance.ts';
import { whyNoTomcat, whyNotRoot } from './requirements.ts';

const options = { skip: whyNoTomcat() ?? false, timeout: 120_000 };

test(
  'Tomcat is started although its PID file names a process that is there, and only once',
  options,
  async (t) => {
    const instance = await createInstance(withOwnJavaSettings(createWorkspace(t)));
    const pidFile = `${instance.base}/work/catalina.pid`;
    writeFileSync(pidFile, `${process.pid}\n`);

    const first = instance.start();
    assert.equal(first.status, 0, first.stderr);
    const pid = await instance.answering();
    assert.match(first.stdout, new RegExp(`Tomcat runs on ${instance.base}, pid ${pid}\n`));
    assert.equal(readFileSync(pidFile, 'utf8').trim(), String(pid));

    const second = instance.start();
    assert.equal(second.status, 0, second.stderr);
    assert.match(second.stdout, new RegExp(`Tomcat runs already on ${instance.base}, pid ${pid}\n`));
    assert.equal(await instance.answering(), pid);
  },
);

test('the start script fails and names the log when Tomcat does not stay up', options, async (t) => {
  const workspace = withOwnJavaSettings(createWorkspace(t));
  const environment = { ...workspace.environment, CATALINA_OPTS: '-XX:+NoSuchOption' };
  const instance = await createInstance({ ...workspace, environment });

  const { status, stderr } = instance.start();
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`Tomcat ended at once, see ${instance.base}/logs/catalina.out`));
});

const asRoot = { ...options, skip: whyNotRoot() ?? options.skip };

test('started by root, Tomcat runs as TOMCAT_USER and can get no more rights', asRoot, async (t) => {
  const workspace = withOwnJavaSettings(createWorkspace(t));
  const environment = { ...workspace.environment, TOMCAT_USER: 'tomcat' };
  const instance = await createInstance({ ...workspace, environment });
  chmodSync(workspace.folder, 0o711);
  run(workspace, ['chown', '-R', 'tomcat:', instance.base]);

  const { status, stderr } = instance.start();
  assert.equal(status, 0, stderr);
  const shown = readFileSync(`/proc/${await instance.answering()}/status`, 'utf8');
  const uid = run(workspace, ['id', '-u', 'tomcat']).stdout.trim();
  assert.match(shown, new RegExp(`^Uid:\\t${[uid, uid, uid, uid].join('\t')}$`, 'm'));
  assert.match(shown, /^CapEff:\t0+$/m);
  assert.match(shown, /^NoNewPrivs:\t1$/m);
});
