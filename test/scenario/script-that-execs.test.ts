// A restart script that has become another program by exec (a wrapper) is the same script for the pcheck that follows a
// killed one: none runs beside it, and it is stopped as a group.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { oneEntry } from '../harness/one-entry.ts';
import { startPcheck } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, startedFrom, type Workspace } from '../harness/workspace.ts';

/** What the program has written that the script becomes: its pid each time it begins. */
function begun({ path }: Workspace): string[] {
  return existsSync(path('begun')) ? readFileSync(path('begun'), 'utf8').trim().split('\n') : [];
}

for (const [what, isKilled] of [
  ['and brings the service back', false],
  ['and ends with all that it has started at the end of the next pcheck', true],
] as const) {
  test(`after kill -9 of pcheck it runs on alone, ${what}`, async (t) => {
    const workspace = createWorkspace(t);
    const { folder, write, path } = workspace;
    write(
      'real',
      `#!/bin/sh\necho $$ >>${folder}/begun\nsleep 86401 &\nwhile ! [ -e ${folder}/go ]; do sleep 0.05; done\nkill $!\n${folder}/service 86400 &\n`,
      0o755,
    );
    const pfile = oneEntry(workspace, `exec ${path('real')}`, '5:exit:start_wait=1:restart_interval=0');
    const killed = startPcheck(workspace, ['-f', pfile, '--no-syslog']);
    await until('the script has become another program', () => begun(workspace).length === 1);
    killed.signal('SIGKILL');
    assert.equal(await killed.ended, 'SIGKILL');
    const running = startPcheck(workspace, ['-f', pfile, '--no-syslog', '-v']);
    await running.logged(/^full check/, 5);
    assert.equal(begun(workspace).length, 1, running.stderr());
    if (isKilled) {
      running.signal('SIGTERM');
      assert.equal(await running.ended, 0);
      // The child that writes the dump file may take a moment longer.
      await until('nothing of it runs', () => startedFrom(workspace).length === 0, 10);
      return;
    }
    write('go', '');
    await running.logged(/service ,pid=\d+\) Up$/);
    assert.equal(begun(workspace).length, 1, running.stderr());
    running.signal('SIGTERM');
    assert.equal(await running.ended, 0);
  });
}
