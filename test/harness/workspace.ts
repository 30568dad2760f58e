// A folder of its own for one test, and the end of everything that was started from it: every process below
// carries a word in its environment that no other has, so cleaning up never goes by name.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { until } from './until.ts';

export type Workspace = {
  readonly folder: string;
  /** For every process that the test starts. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** An IPCKEY that no other test of this machine uses. */
  readonly ipckey: string;
  /** Where a pcheck with that IPCKEY listens. */
  readonly socket: string;
  /** Where its verdict lies. */
  readonly verdict: string;
  /** Words before the command line of every program, where it has to run in a namespace of its own. */
  readonly prefix?: CommandLine;
  path(name: string): string;
  write(name: string, text: string, mode?: number): string;
};

/** A program and its arguments. */
export type CommandLine = readonly [string, ...string[]];

const MARK = 'SCENARIO_WORKSPACE';
let count = 0;

/** Ends its processes and removes its folder when the test ends, also when it fails. */
export function createWorkspace(t: TestContext): Workspace {
  count += 1;
  // Digits only: a folder of random letters may hold the very word that a test waits for in a message.
  const folder = join(tmpdir(), `psaver-test-${process.pid}-${Date.now()}-${count}`);
  mkdirSync(folder, { mode: 0o700 });
  const ipckey = ((process.pid * 256 + (count % 256)) >>> 0).toString(16);
  const runtimeDirectory = process.getuid?.() === 0 ? '/run/psaver' : join(folder, 'psaver');
  const runtimeKey = `${runtimeDirectory}/0x${ipckey.padStart(8, '0')}`;
  const verdict = `${runtimeDirectory}-verdict/0x${ipckey.padStart(8, '0')}`;
  const mark = `${MARK}=${folder}`;
  t.after(async () => {
    await endMarked(mark);
    rmSync(folder, { recursive: true, force: true });
    // A pcheck that was killed leaves these behind.
    for (const ending of ['sock', 'lock', 'state', 'state.new', 'state.bad'])
      removeWithTarget(`${runtimeKey}.${ending}`);
    for (const file of dumpLocks(runtimeDirectory, folder)) rmSync(file, { force: true });
    // This one is left behind by every pcheck.
    for (const file of [verdict, `${verdict}.new`]) removeWithTarget(file);
  });
  return {
    folder,
    environment: { ...process.env, [MARK]: folder, XDG_RUNTIME_DIR: folder, NODE_TEST_CONTEXT: undefined },
    ipckey: `0x${ipckey}`,
    socket: `${runtimeKey}.sock`,
    verdict,
    path: (name) => join(folder, name),
    write(name, text, mode = 0o644) {
      writeFileSync(join(folder, name), text, { mode });
      return join(folder, name);
    },
  };
}

/** Where the runtime directory lies on a disk it has only links to what lies in memory. */
function removeWithTarget(path: string): void {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  if (isLink) {
    const target = readlinkSync(path);
    for (const file of [target, `${target}.new`, `${target}.bad`])
      rmSync(file, { recursive: true, force: true });
  }
  rmSync(path, { recursive: true, force: true });
}

/** Of pchecks whose pfiles lie in this folder. */
function dumpLocks(runtimeDirectory: string, folder: string): string[] {
  if (!existsSync(runtimeDirectory)) return [];
  return readdirSync(runtimeDirectory)
    .filter((name) => name.startsWith('dump-'))
    .map((name) => join(runtimeDirectory, name))
    .filter((file) => readIfThere(file).includes(`${folder}/`));
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // ENOENT: another test's pcheck has just ended.
    return '';
  }
}

/** The pids of the processes that were started from the workspace and still run. */
export function startedFrom(workspace: Workspace): number[] {
  return markedPids(`${MARK}=${workspace.folder}`);
}

/** A pcheck that is asked first clears its own files away. */
async function endMarked(mark: string): Promise<void> {
  const politeUntil = Date.now() + 3000;
  await until('all processes of the workspace are gone', () => {
    const pids = markedPids(mark);
    for (const pid of pids) killQuietly(pid, Date.now() < politeUntil ? 'SIGTERM' : 'SIGKILL');
    return pids.length === 0;
  });
}

function markedPids(mark: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid && environmentOf(pid).includes(mark));
}

/** Its arguments with blanks between them. */
export function commandLineOf(pid: number): string {
  return textsOf(pid, 'cmdline').join(' ').trimEnd();
}

function environmentOf(pid: number): string[] {
  return textsOf(pid, 'environ');
}

/** Empty for a zombie, as for a process that has gone. */
function textsOf(pid: number, file: 'cmdline' | 'environ'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1').split('\0');
  } catch {
    // ENOENT, ESRCH: gone. EACCES: not ours.
    return [];
  }
}

function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: it was faster.
  }
}
