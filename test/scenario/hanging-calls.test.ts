// What hangs at a stalled file system, or at a scanner of files that are executed: it holds nothing, and once it is given
// up, or pcheck has ended, it starts nothing any more, however late the file system is back.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { test } from 'node:test';
import { loadKernel } from '../../src/system/real/kernel.ts';
import { mountStalledFiles, type StalledFiles, whyNoStalledFiles } from '../harness/stalled-files.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, startedFrom, type Workspace } from '../harness/workspace.ts';

const kernel = await loadKernel();
const PROGRAM = import.meta.filename.replace('hanging-calls.test', 'hanging.program');

type Talk = {
  readonly child: ChildProcess;
  tell(order: string): void;
  /** The next line that it says which begins with this word: the rest of it. */
  heard(word: string): Promise<string>;
  readonly ended: Promise<number | string | null>;
};

/** The program, in the namespace of the file system, if there is one; it has a lock. */
async function talk(workspace: Workspace, files?: StalledFiles): Promise<Talk> {
  const words = [process.execPath, PROGRAM, workspace.path('lock')] as const;
  const child = files?.spawn(words) ?? spawn(words[0], words.slice(1), { env: workspace.environment });
  let said = '';
  child.stdout?.on('data', (bytes) => {
    said += bytes;
  });
  const program: Talk = {
    child,
    tell: (order) => void child.stdin?.write(`${order}\n`),
    async heard(word) {
      let found: RegExpExecArray | null = null;
      await until(`it says ${word}`, () => {
        found = new RegExp(`^${word} ?(.*)\n`, 'm').exec(said);
        return found !== null;
      });
      return (found as RegExpExecArray | null)?.[1] ?? '';
    },
    ended: new Promise((done) => child.once('close', (status, signal) => done(signal ?? status))),
  };
  program.tell('lock');
  assert.equal(await program.heard('lock'), 'true');
  return program;
}

function stateOf(pid: number): string | undefined {
  try {
    return / ([A-Z]) /.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1];
  } catch {
    // ENOENT: it has gone.
    return undefined;
  }
}

function hasGone(pid: number): boolean {
  return ['Z', 'X', undefined].includes(stateOf(pid));
}

/** A script on the file system that leaves a mark where nothing hangs. */
function writeScript(
  workspace: Workspace,
  { real, mounted }: StalledFiles,
): { path: string; begun(): boolean } {
  writeFileSync(`${real}/script`, `#!/bin/sh\n: >${workspace.path('begun')}\n`);
  chmodSync(`${real}/script`, 0o755);
  return { path: `${mounted}/script`, begun: () => existsSync(workspace.path('begun')) };
}

function descriptorsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).map((name) => `${name} ${readlinkSync(`/proc/${pid}/fd/${name}`)}`);
}

const skip = whyNoStalledFiles();

for (const kind of ['untaken', 'taken'] as const) {
  test(`a start that hangs at a request that is ${kind} has a pid, and begins when it can`, {
    skip,
  }, async (t) => {
    const workspace = createWorkspace(t);
    const files = await mountStalledFiles(workspace, kind);
    try {
      const { path, begun } = writeScript(workspace, files);
      const program = await talk(workspace, files);
      await files.stall();
      program.tell(`start ${path}`);
      const pid = Number(await program.heard('pid'));
      // A second one hangs beside it.
      program.tell('look /dev/null');
      await program.heard('seen');
      assert.equal(begun(), false);
      assert.deepEqual(
        descriptorsOf(pid).map((line) => line.replace(/\d+\]$/, ']')),
        ['0 /dev/null', '1 /dev/null', '10 pipe:[]', '2 /dev/null'].sort(),
      );
      files.thaw();
      assert.deepEqual(JSON.parse(await program.heard('told')), { pid });
      await until('it has begun', begun);
    } finally {
      await files.remove();
    }
  });

  for (const way of ['give-up', 'exit', 'exit-now', 'SIGKILL'] as const) {
    test(`one that hangs at a request that is ${kind} begins no more after ${way}, and holds no lock`, {
      skip,
    }, async (t) => {
      const workspace = createWorkspace(t);
      const files = await mountStalledFiles(workspace, kind);
      try {
        const { path, begun } = writeScript(workspace, files);
        const program = await talk(workspace, files);
        await files.stall();
        program.tell(`start ${path}`);
        const pid = Number(await program.heard('pid'));
        await until('it hangs', () => stateOf(pid) === 'S');
        if (way === 'SIGKILL') program.child.kill('SIGKILL');
        else program.tell(way);
        if (way !== 'give-up') {
          assert.equal(await program.ended, way === 'SIGKILL' ? 'SIGKILL' : 0);
          if (kind === 'taken') await until('no signal ends it', () => stateOf(pid) === 'D');
          assert.ok(kernel.tryLock(openSync(workspace.path('lock'), 'a')));
        }
        files.thaw();
        await until('it has gone', () => hasGone(pid));
        assert.equal(begun(), false);
      } finally {
        await files.remove();
      }
    });
  }

  for (const way of ['exit', 'exit-now', 'SIGKILL'] as const) {
    test(`a look that hangs at a request that is ${kind} keeps nobody from its end by ${way}, and holds no lock`, {
      skip,
    }, async (t) => {
      const workspace = createWorkspace(t);
      const files = await mountStalledFiles(workspace, kind);
      try {
        const { path } = writeScript(workspace, files);
        const program = await talk(workspace, files);
        await files.stall();
        for (let count = 0; count < 10; count++) program.tell(`look ${path}${count}`);
        program.tell('look /dev/null');
        await program.heard('seen');
        if (way === 'SIGKILL') program.child.kill('SIGKILL');
        else program.tell(way);
        assert.equal(await program.ended, way === 'SIGKILL' ? 'SIGKILL' : 0);
        assert.ok(kernel.tryLock(openSync(workspace.path('lock'), 'a')));
        if (kind === 'untaken') await until('nothing is left', () => startedFrom(workspace).length === 0);
      } finally {
        await files.remove();
      }
    });
  }
}

test('a start that hangs at a scanner of what is executed keeps no other from beginning, and given up it begins no more', async (t) => {
  const workspace = createWorkspace(t);
  const [path, other] = ['script', 'other'].map((name) =>
    workspace.write(name, `#!/bin/sh\n: >${workspace.path(`${name}-begun`)}\n`, 0o755),
  ) as [string, string];
  const scanner = spawn(process.execPath, [PROGRAM.replace('hanging.', 'scanner.'), path], {
    env: workspace.environment,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [said] = (await once(scanner.stdout, 'data')) as [Buffer];
  if (String(said) !== 'scans\n') return t.skip(`needs root, and a kernel that asks scanners: ${said}`);
  const program = await talk(workspace);
  program.tell(`start ${path}`);
  const pid = Number(await program.heard('pid'));
  program.tell(`start ${other}`);
  await until('the other has begun', () => existsSync(workspace.path('other-begun')));
  assert.equal(hasGone(pid), false);
  program.tell('give-up');
  await until('it has gone', () => hasGone(pid));
  scanner.stdin.end();
  await once(scanner, 'close');
  program.tell(`start ${path}`);
  await until('the next one has begun', () => existsSync(workspace.path('script-begun')));
});
