// What pcheck makes of a defect of its own, and of an installation that is not whole: 70, never the 1 that makes
// a cluster fail over for good. The defect is put in from outside, by a `node` first in PATH.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { run, showPent, startPcheck } from '../harness/programs.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

/** Its pcheck throws where nothing catches when SIGWINCH arrives. */
function withDefect(workspace: Workspace): Workspace {
  const { path, write, environment } = workspace;
  const defect = write('defect.cjs', "process.once('SIGWINCH', () => { throw new Error('put in'); });\n");
  mkdirSync(path('bin'));
  write('bin/node', `#!/bin/sh\nexec '${process.execPath}' --require '${defect}' "$@"\n`, 0o755);
  return { ...workspace, environment: { ...environment, PATH: `${path('bin')}:${environment['PATH']}` } };
}

test('a defect ends pcheck with status 70 and gives no retries back: the next one takes up the counters', async (t) => {
  const workspace = withDefect(createWorkspace(t));
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit:start_wait=0:restart_interval=20');
  const first = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await first.logged(/Up/);
  first.signal('SIGWINCH');
  assert.equal(await first.ended, 70);
  assert.match(first.stderr(), /: crit: a defect of pcheck: Error: put in/);
  const second = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
  await second.logged(/took up 1 entries/);
  assert.equal(showPent(workspace, pfile)['retry_count'], '1');
  second.signal('SIGTERM');
  assert.equal(await second.ended, 0);
});

test('an installation that is not whole is status 70 for pcheck, and says what is missing', (t) => {
  const workspace = createWorkspace(t);
  const { path } = workspace;
  const pfile = oneEntry(workspace, STARTS_SERVICE, '3:exit');
  cpSync('bin', path('there/bin'), { recursive: true });
  const start = () => run(workspace, [path('there/bin/pcheck'), '-f', pfile, '--no-syslog']);
  const withoutBundle = start();
  assert.equal(withoutBundle.status, 70);
  assert.match(withoutBundle.stderr, /pcheck\.cjs is missing: run npm run build, or install psaver again/);
  cpSync('dist', path('there/dist'), { recursive: true });
  const withoutKoffi = start();
  assert.equal(withoutKoffi.status, 70);
  assert.match(withoutKoffi.stderr, /koffi cannot be loaded \(is psaver installed whole\?\)/);
  const withoutNode = run({ ...workspace, environment: { ...workspace.environment, PATH: '/nowhere' } }, [
    '/bin/sh',
    path('there/bin/pcheck'),
  ]);
  assert.equal(withoutNode.status, 70);
  assert.match(withoutNode.stderr, /node is not in PATH/);
});
