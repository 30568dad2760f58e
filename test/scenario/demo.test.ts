// The demo that a newcomer runs first: it gets to its end, in time, and leaves nothing behind.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { createWorkspace, startedFrom } from '../harness/workspace.ts';

test('the demo shows pcheck healing and giving up, in under 30 seconds, and leaves nothing behind', (t) => {
  const workspace = createWorkspace(t);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['examples/demo/demo.mjs'], {
    env: { ...workspace.environment, TMPDIR: workspace.folder },
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.equal(status, 0, stdout + stderr);
  assert.equal(stdout.match(/Try to restart/g)?.length, 3);
  assert.match(stdout, /RETRY_OVER:EXIT[\s\S]*FATAL[\s\S]*exit status is 1/);
  assert.deepEqual(startedFrom(workspace), []);
  assert.deepEqual(readdirSync(workspace.folder), []);
});
