// Scripts, checks and commands on a file system that does not answer hang before their first instruction: only their entry
// waits, pcheck ends at once, and what was given up starts nothing when the file system is back.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { padmin, type RunningPcheck, run, startPcheck } from '../harness/programs.ts';
import {
  mountStallable,
  type StalledFileSystem,
  whyNoStalledFileSystem,
} from '../harness/stalled-file-system.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

type Scene = {
  readonly workspace: Workspace;
  readonly fs: StalledFileSystem;
  /** Programs on that file system, which write down that they were run. */
  readonly stalled: (name: string) => string;
  /** One elsewhere, whose interpreter is on that file system. */
  readonly interpreted: (name: string) => string;
  /** Each of their runs, by name and retry_count. */
  runs(): string[];
  /** PENT lines of two services; the first one's words behind NAME are these. */
  pfile(first: string): string;
  begin(pfile: string): RunningPcheck;
};

const NEEDS = { skip: whyNoStalledFileSystem(), timeout: 120_000 };

/** What is given up is given up for so many seconds, in which nothing may begin. */
const AFTER_THAW_MILLISECONDS = 500;

async function onStallable(t: TestContext, story: (scene: Scene) => Promise<void>): Promise<void> {
  const workspace = createWorkspace(t);
  const fs = await mountStallable(workspace);
  try {
    await story(createScene(workspace, fs));
  } finally {
    await fs.remove();
  }
}

function createScene(workspace: Workspace, fs: StalledFileSystem): Scene {
  const { folder, ipckey, path, write } = workspace;
  for (const name of ['first', 'second']) copyFileSync('/bin/sleep', path(name));
  copyFileSync('/bin/sh', path('real/sh'));
  const textOf = (name: string) =>
    `echo ${name} $PSAVER_RETRY_COUNT >>${folder}/runs\n${folder}/first 86400 &\n`;
  write('starts-second.sh', `#!/bin/sh\n${folder}/second 86400 &\n`, 0o755);
  return {
    workspace,
    fs,
    stalled(name) {
      write(`real/${name}`, `#!/bin/sh\n${textOf(name)}`, 0o755);
      return `${fs.mounted}/${name}`;
    },
    interpreted: (name) => write(name, `#!${fs.mounted}/sh\n${textOf(name)}`, 0o755),
    runs: () => (existsSync(path('runs')) ? readFileSync(path('runs'), 'utf8').trim().split('\n') : []),
    pfile(first) {
      const lines = [
        `IPCKEY ${ipckey}`,
        'MONITOR_INTERVAL 0.3',
        `SHM_DUMP_FILE ${path('dump')}`,
        `${folder}/first:${first}`,
        `${folder}/second:${folder}/starts-second.sh:86400:9:exit:start_wait=1:restart_interval=0`,
      ];
      return write('pfile', `${lines.join('\n')}\n`);
    },
    begin: (pfile) => startPcheck(workspace, ['-f', pfile, '--no-syslog']),
  };
}

/** The pid that the last Up of this service has told. */
function pidOf(running: RunningPcheck, name: string): number {
  const ups = running.messages().filter((line) => line.includes(`/${name} ,pid=`) && line.endsWith('Up'));
  return Number(/,pid=(\d+)/.exec(ups.at(-1) ?? '')?.[1]);
}

async function endsWithin(running: RunningPcheck, milliseconds: number): Promise<void> {
  const since = Date.now();
  running.signal('SIGTERM');
  assert.equal(await running.ended, 0, running.stderr());
  assert.ok(Date.now() - since < milliseconds, `${Date.now() - since} ms`);
}

/** Nothing of what hung has come through by now: a program on the file system can be run, and some time has passed. */
async function afterThaw({ workspace, fs, stalled }: Scene): Promise<void> {
  const probe = stalled('probe').replace(/probe$/, 'none');
  await fs.thaw();
  run(workspace, ['/bin/ls', probe]);
  const end = Date.now() + AFTER_THAW_MILLISECONDS;
  await until('some time has passed', () => Date.now() > end);
}

test(
  'a script that hangs holds up its own entry alone, and neither padmin nor the end of pcheck',
  NEEDS,
  (t) =>
    onStallable(t, async (scene) => {
      const { workspace, fs } = scene;
      const pfile = scene.pfile(`${scene.stalled('start.sh')}:86400:9:continue:start_wait=1`);
      const running = scene.begin(pfile);
      await running.logged(/Up$/, 2);
      await fs.stall();
      process.kill(pidOf(running, 'first'), 'SIGKILL');
      await running.logged(/first.* Down$/);
      process.kill(pidOf(running, 'second'), 'SIGKILL');
      await running.logged(/second ,pid=\d+\) Up$/, 2);
      assert.equal(padmin(workspace, '-f', pfile, '-c', 'show', 'pent').status, 0);
      await running.logged(/start of the restart script hangs for 5 s already: .*start\.sh$/);
      await endsWithin(running, 2000);
      await afterThaw(scene);
      assert.deepEqual(scene.runs(), ['start.sh 1']);
    }),
);

test('at restart_timeout a script that hangs is given up: it never begins, the next one does', NEEDS, (t) =>
  onStallable(t, async (scene) => {
    const options = 'start_wait=1:restart_timeout=1:restart_interval=0';
    const pfile = scene.pfile(`${scene.stalled('start.sh')}:86400:9:continue:${options}`);
    const running = scene.begin(pfile);
    await running.logged(/Up$/, 2);
    await scene.fs.stall();
    process.kill(pidOf(running, 'first'), 'SIGKILL');
    await running.logged(/restart failed: the script was ended after 1 s \(restart_timeout\)/, 2);
    await scene.fs.thaw();
    await running.logged(/first ,pid=\d+\) Up$/, 2);
    await endsWithin(running, 2000);
    const counts = scene.runs().map((line) => Number(line.split(' ')[1]));
    const [, last = 0] = counts;
    assert.deepEqual(counts, [1, last], 'only the last one has begun');
    assert.ok(last >= 3);
  }),
);

test(
  'after kill -9 of pcheck its script that hangs never begins; a new pcheck starts beside it',
  NEEDS,
  (t) =>
    onStallable(t, async (scene) => {
      const options = 'start_wait=1:restart_timeout=60:restart_interval=0';
      const pfile = scene.pfile(`${scene.interpreted('start.sh')}:86400:9:continue:${options}`);
      const killed = scene.begin(pfile);
      await killed.logged(/Up$/, 2);
      await scene.fs.stall();
      process.kill(pidOf(killed, 'first'), 'SIGKILL');
      await killed.logged(/Try to restart/, 3);
      killed.signal('SIGKILL');
      assert.equal(await killed.ended, 'SIGKILL');
      const running = scene.begin(pfile);
      await running.logged(/restart failed: the script ended while no pcheck was there to see it/);
      await running.logged(/Try to restart/);
      await scene.fs.thaw();
      await running.logged(/first ,pid=\d+\) Up$/);
      await afterThaw(scene);
      assert.deepEqual(scene.runs(), ['start.sh 1', 'start.sh 3']);
      await endsWithin(running, 2000);
    }),
);

test(
  'a check that hangs does not count, and a retry_over_cmd that hangs is given up at its limit',
  NEEDS,
  (t) =>
    onStallable(t, async (scene) => {
      const { fs } = scene;
      const check = `check_cmd=${scene.stalled('check')}:check_interval=0.2:check_timeout=0.5:check_fails=1`;
      const over = `retry_over_cmd=${scene.stalled('over')}`;
      const pfile = scene.pfile(`${scene.stalled('start.sh')}:86400:1:exit:start_wait=1:${check}:${over}`);
      const running = scene.begin(pfile);
      await running.logged(/Up$/, 2);
      await fs.stall();
      await running.logged(/check not run: check_cmd could not be started within 0\.5 s$/, 2);
      assert.ok(!running.messages().some((line) => /check \d+ of/.test(line)));
      process.kill(pidOf(running, 'first'), 'SIGKILL');
      assert.equal(await running.ended, 1);
      assert.ok(
        running.messages().some((line) => /retry_over_cmd could not be started within 10 s$/.test(line)),
      );
      const before = scene.runs();
      await afterThaw(scene);
      assert.deepEqual(scene.runs(), before);
      assert.ok(!before.some((line) => line.startsWith('over')));
    }),
);

test('with 64 scripts that hang pcheck ends within two seconds, and none of them begins', NEEDS, (t) =>
  onStallable(t, async (scene) => {
    const { workspace, fs } = scene;
    const script = scene.stalled('start.sh');
    const entries = Array.from(
      { length: 64 },
      (_, index) => `${workspace.folder}/absent-${index}:${script}:86400:9:continue:start_wait=1`,
    );
    const head = `IPCKEY ${workspace.ipckey}\nMONITOR_INTERVAL 0.3\nSHM_DUMP_FILE ${workspace.path('dump')}\n`;
    const pfile = workspace.write('many', `${head}${entries.join('\n')}\n`);
    const running = scene.begin(pfile);
    // pcheck itself has read what it wanted of the file by then.
    await running.logged(/started/);
    await fs.stall();
    await running.logged(/Try to restart/, 64);
    const before = scene.runs();
    await running.logged(/hangs for 5 s already/);
    await endsWithin(running, 2000);
    await afterThaw(scene);
    assert.deepEqual(scene.runs(), before);
  }),
);
