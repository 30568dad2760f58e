// The real side of the seam for tests of its parts, and a folder for each of them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { createDumpFolder, type DumpFolder } from '../../src/system/real/files/dump-folder.ts';
import { createFolderCalls } from '../../src/system/real/files/folder-calls.ts';
import { loadKernel } from '../../src/system/real/kernel.ts';
import { ownUid } from '../../src/system/real/runtime-directory.ts';
import { createRunProgram } from '../../src/system/real/scripts/run-program.ts';
import { createRunShell } from '../../src/system/real/scripts/run-shell.ts';

export const kernel = await loadKernel();
export const folderCalls = createFolderCalls(kernel);
export const runShell = createRunShell(createRunProgram(kernel.programs, undefined), kernel);

export function folderOf(t: TestContext, parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'psaver-unit-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function dumpFolder(path: string): DumpFolder {
  return createDumpFolder(folderCalls, path, ownUid());
}

/** What comes by a callback; nothing else keeps this process from ending meanwhile. */
export function answerOf<T>(ask: (onAnswer: (answer: T) => void) => void): Promise<T> {
  const awake = setInterval(() => undefined, 1000);
  return new Promise((resolve) => {
    // Not from within a thread's end: there Node does not go on with promises.
    ask((answer) => {
      clearInterval(awake);
      setImmediate(resolve, answer);
    });
  });
}
