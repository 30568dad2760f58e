// Runs every scenario: a folder with a pfile, its scripts, the steps that are taken, and the log that must
// come of them. What a step may be is told in steps.ts. The service is a copy of sleep(1) in the folder: one
// process, without children, that no other scenario shares.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { createWorkspace } from '../harness/workspace.ts';
import { runSteps } from './steps.ts';

const FOLDER = resolve('test/scenario');

for (const name of readdirSync(FOLDER).filter((entry) => existsSync(join(FOLDER, entry, 'steps')))) {
  const source = join(FOLDER, name);
  const [title = name, ...steps] = readFileSync(join(source, 'steps'), 'utf8').split('\n');
  test(title.replace(/^# /, ''), { timeout: 120_000 }, async (t) => {
    const workspace = createWorkspace(t);
    cpSync(source, workspace.folder, { recursive: true });
    // A checkout under umask 002 has files that its group may write, which pcheck does not trust.
    for (const file of readdirSync(workspace.folder)) {
      chmodSync(workspace.path(file), file.endsWith('.sh') ? 0o755 : 0o644);
    }
    copyFileSync('/bin/sleep', workspace.path('service'));
    workspace.write('pfile', fillIn(readFileSync(join(source, 'pfile'), 'utf8'), workspace));
    const expected = readFileSync(join(source, 'expected.log'), 'utf8').trimEnd().split('\n');
    const messages = await runSteps(workspace, steps);
    assert.deepEqual(
      messages.map((line) => withoutAccidents(line, workspace.folder)),
      expected,
    );
  });
}

function fillIn(text: string, workspace: { readonly folder: string; readonly ipckey: string }): string {
  return text.replaceAll('@DIR@', workspace.folder).replaceAll('@IPCKEY@', workspace.ipckey);
}

/** The line without what differs from run to run: pids, the folder, the version, times to wait. */
function withoutAccidents(line: string, folder: string): string {
  return line
    .replaceAll(folder, '@DIR@')
    .replace(/pid=[1-9]\d*/g, 'pid=N')
    .replace(/^pcheck \S+ started: .*/, 'pcheck started')
    .replace(/next restart in [\d.]+ s/, 'next restart in N s');
}
