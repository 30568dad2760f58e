// A log on a disk that hangs, from the start on or later: pcheck heals, answers and ends all the same, and the lines are
// there when the disk answers again.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import { type Disk, mountDisk, whyNoDisk } from '../harness/frozen-disk.ts';
import {
  isThere,
  jsonMessagesIn,
  type LoggingPcheck,
  messagesIn,
  startLogging,
  writersOf,
} from '../harness/log-file.ts';
import { oneEntry, STARTS_SERVICE } from '../harness/one-entry.ts';
import { padmin, showPent } from '../harness/programs.ts';
import { until } from '../harness/until.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

const skip = whyNoDisk();

/** Which log is on the disk, and where that and the other one are read. */
type Case = { readonly stuck: string; stuckLog(): string[]; readonly log: () => string[] };

type Stage = {
  readonly disk: Disk;
  readonly pfile: string;
  start(): LoggingPcheck;
} & Case;

async function withStage(
  workspace: Workspace,
  stuck: 'standard error' | 'the JSON log',
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const pfile = oneEntry(workspace, STARTS_SERVICE, '9:exit:restart_interval=0:start_wait=2');
  mkdirSync(workspace.path('logs'));
  const disk = await mountDisk(workspace, workspace.path('logs'));
  const isJson = stuck === 'the JSON log';
  const stderr = workspace.path(isJson ? 'err' : 'logs/err');
  const json = workspace.path(isJson ? 'logs/json' : 'json');
  const [stuckLog, log] = [() => messagesIn(stderr), () => jsonMessagesIn(json)];
  try {
    await play({
      disk,
      pfile,
      stuck,
      stuckLog: isJson ? log : stuckLog,
      log: isJson ? stuckLog : log,
      start: () => startLogging(workspace, ['-f', pfile, '-v', '--json-log', json], stderr),
    });
  } finally {
    await disk.remove();
  }
}

async function heals(workspace: Workspace, { pfile, log }: Stage, ups: number): Promise<void> {
  const count = () => log().filter((line) => line.endsWith('Up')).length;
  await until('the service is up', () => count() === ups);
  process.kill(Number(showPent(workspace, pfile)['pid']), 'SIGKILL');
  await until('the service is up again', () => count() === ups + 1);
}

for (const stuck of ['standard error', 'the JSON log'] as const) {
  test(`with ${stuck} on a disk that hangs a death is healed, padmin answers, SIGTERM ends pcheck, and the lines are there afterwards`, {
    skip,
  }, async (t) => {
    const workspace = createWorkspace(t);
    await withStage(workspace, stuck, async (stage) => {
      const running = stage.start();
      await heals(workspace, stage, 1);
      await until('its logs are written', () => writersOf(running).length === 2);
      const writers = writersOf(running);
      await stage.disk.freeze();
      await heals(workspace, stage, 2);
      assert.equal(padmin(workspace, '-f', stage.pfile, '-c', 'show', 'param').status, 0);
      const before = Date.now();
      running.signal('SIGTERM');
      assert.equal(await running.ended, 0);
      const took = Date.now() - before;
      assert.ok(took < 4000, `${took} ms`);
      assert.equal(stage.log().at(-1), 'Stop pcheck!!');
      assert.equal(writers.filter(isThere).length, 1, 'one is left behind');
      await stage.disk.thaw();
      await until('it has ended', () => !writers.some(isThere));
      assert.deepEqual(stage.stuckLog(), stage.log());
    });
  });

  test(`with ${stuck} on a disk that hangs SIGKILL ends pcheck, and another one starts beside what it left behind`, {
    skip,
  }, async (t) => {
    const workspace = createWorkspace(t);
    await withStage(workspace, stuck, async (stage) => {
      const running = stage.start();
      await heals(workspace, stage, 1);
      await until('its logs are written', () => writersOf(running).length === 2);
      const writers = writersOf(running);
      await stage.disk.freeze();
      await heals(workspace, stage, 2);
      running.signal('SIGKILL');
      assert.equal(await running.ended, 'SIGKILL');
      const next = stage.start();
      await until('it goes on', () => stage.log().some((line) => line.startsWith('took up')));
      await heals(workspace, stage, 3);
      next.signal('SIGTERM');
      assert.equal(await next.ended, 0);
      await stage.disk.thaw();
      await until('both have ended', () => !writers.some(isThere));
      const ofBoth = (lines: string[]) => lines.filter((line) => / Up$| Down$/.test(line));
      await until('all is there', () => ofBoth(stage.stuckLog()).length === ofBoth(stage.log()).length);
    });
  });

  test(`with ${stuck} on a disk that hangs already pcheck starts, warns of it, and the lines come when it answers`, {
    skip,
  }, async (t) => {
    const workspace = createWorkspace(t);
    await withStage(workspace, stuck, async (stage) => {
      // So that the files are there already.
      const first = stage.start();
      await heals(workspace, stage, 1);
      first.signal('SIGTERM');
      assert.equal(await first.ended, 0);
      await stage.disk.freeze();
      const running = stage.start();
      await heals(workspace, stage, 3);
      await until('it is told of', () => stage.log().some((line) => /has taken no log lines/.test(line)));
      await stage.disk.thaw();
      await until('that is over', () => stage.log().some((line) => /is written again/.test(line)));
      running.signal('SIGTERM');
      assert.equal(await running.ended, 0);
      assert.deepEqual(stage.stuckLog(), stage.log());
    });
  });
}
