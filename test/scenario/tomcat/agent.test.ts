// examples/pacemaker/tomcat with a real Tomcat, by the tester of the OCF standard.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { whyMissing } from '../../harness/packages.ts';
import { createWorkspace } from '../../harness/workspace.ts';
import { createInstance, withOwnJavaSettings } from './instance.ts';
import { whyNoTomcat, whyNotRoot } from './requirements.ts';
import { tomcatPids } from './tomcat.ts';

const TESTER = { 'resource-agents': '/usr/sbin/ocf-tester', 'libxml2-utils': '/usr/bin/xmllint' };
const skip = whyNotRoot() ?? whyNoTomcat() ?? whyMissing(TESTER) ?? false;

test('ocf-tester finds nothing wrong with the agent, and leaves no Tomcat', {
  skip,
  timeout: 240_000,
}, async (t) => {
  const workspace = withOwnJavaSettings(createWorkspace(t));
  const { base } = await createInstance(workspace);
  const { status, stdout, stderr } = spawnSync(
    'ocf-tester',
    [
      ...['-n', 'tomcat'],
      ...['-o', `start_script=${workspace.path('tomcat_start.sh')}`, '-o', `catalina_base=${base}`],
      resolve('examples/pacemaker/tomcat'),
    ],
    { env: workspace.environment, encoding: 'utf8', timeout: 200_000 },
  );
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /passed all tests/);
  assert.deepEqual(tomcatPids(base), []);
});
