// A copy of the built psaver in a workspace, to be spoilt.
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { createWorkspace, type Workspace } from './workspace.ts';

/** `koffi`: copied too, or only linked. */
export function copyPsaver(t: TestContext, koffi: 'copied' | 'linked' = 'linked'): Workspace {
  const workspace = createWorkspace(t);
  for (const part of ['bin', 'dist']) cpSync(part, workspace.path(part), { recursive: true });
  if (koffi === 'linked') symlinkSync(resolve('node_modules'), workspace.path('node_modules'));
  else {
    for (const part of ['koffi', '@koromix'])
      cpSync(`node_modules/${part}`, workspace.path(`node_modules/${part}`), { recursive: true });
  }
  return workspace;
}

/** The same workspace with a folder of its own first in PATH: what is called `node` there is what psaver takes for Node. */
export function withOwnNode(workspace: Workspace): Workspace {
  mkdirSync(workspace.path('node-folder'));
  const PATH = `${workspace.path('node-folder')}:${workspace.environment['PATH']}`;
  return { ...workspace, environment: { ...workspace.environment, PATH } };
}

/** Puts it there, in the place of the one before. */
export function writeNode(workspace: Workspace, text: string | Uint8Array): void {
  const path = workspace.path('node-folder/node');
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** A shell script that does this and then is the real Node. */
export function thenRealNode(first: string): string {
  return `#!/bin/sh\n${first}\nexec '${process.execPath}' "$@"\n`;
}
