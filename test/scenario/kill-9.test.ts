// pcheck is killed, with the signal that nothing can catch, and started again at once. Whatever the moment, its
// service gets no more restarts than RETRY, never two at one time, and then pcheck ends with status 1 (SPEC 7).
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type CrashLoop, createCrashLoop, RETRY, RETRY_BESIDE, type Run } from '../harness/crash-loop.ts';
import { type RunningPcheck, startPcheck } from '../harness/programs.ts';
import { createWorkspace, type Workspace } from '../harness/workspace.ts';

/** The points of test/fixtures/kill-at.cjs, the restart in whose course they are, and the runs that the round then has. */
const POINTS: readonly (readonly [point: string, run: number, retryCounts: readonly number[]])[] = [
  ['first record, before', 1, [1, 2, 3]],
  ['first record, half written', 1, [1, 2, 3]],
  ['first record, written', 1, [1, 2, 3]],
  ['first record, in place', 1, [1, 2, 3]],
  ['record, before', 2, [1, 2, 3]],
  ['record, half written', 2, [1, 2, 3]],
  // Between record and start: the retry is used up without a run. The other order would run one too many.
  ['record, written', 2, [1, 3]],
  ['start, before', 2, [1, 3]],
  ['start, after', 2, [1, 2, 3]],
  // The next one finds the script by its token, or by its pid.
  ['record of the script, before', 1, [1, 2, 3]],
  ['record of the script, half written', 1, [1, 2, 3]],
  ['record of the script, written', 1, [1, 2, 3]],
  ['end of the script, before it is noticed', 2, [1, 2, 3]],
  ["record of the script's end, before", 2, [1, 2, 3]],
  ["record of the script's end, half written", 3, [1, 2, 3]],
  ["record of the script's end, written", 2, [1, 2, 3]],
  ['dump, before its child is started', 1, [1, 2, 3]],
  ['dump, before its child has the text', 1, [1, 2, 3]],
  ['dump, while its child runs', 1, [1, 2, 3]],
  ['dump, after its child has ended', 1, [1, 2, 3]],
  ['record of retry-over, before', 3, [1, 2, 3]],
  ['record of retry-over, half written', 3, [1, 2, 3]],
  ['record of retry-over, written', 3, [1, 2, 3]],
  ['removal of the record, before', 3, [1, 2, 3]],
  // All was done but to exit: as after every ordinary end, the next pcheck starts afresh.
  ['removal of the record, after', 3, [1, 2, 3, 1, 2, 3]],
];

/** Points at which the pcheck after a killed one is killed too, while it resumes. */
const AGAIN = ['first record, before', 'first record, half written', 'first record, in place'];

describe('killed at a point that has a name, pcheck', { concurrency: 4 }, () => {
  for (const [point, run, retryCounts] of POINTS) {
    test(
      `runs the script for the retries ${retryCounts.join(', ')} and ends: “${point}” of restart ${run}`,
      {
        timeout: 120_000,
      },
      (t) => killedAt(t, [[point, run]], retryCounts),
    );
  }
  for (const point of AGAIN) {
    test(
      `runs the script for the retries 1, 2, 3 and ends: “${point}” of a pcheck that resumes`,
      {
        timeout: 120_000,
      },
      (t) =>
        killedAt(
          t,
          [
            ['start, after', 1],
            [point, 1],
            [point, 1],
          ],
          [1, 2, 3],
        ),
    );
  }
});

/** So long that the first look of a pcheck on a busy machine comes before it is over, and nothing is decided yet. */
const UNDECIDED_SECONDS = 3;

async function killedAt(
  t: TestContext,
  points: readonly (readonly [point: string, run: number])[],
  retryCounts: readonly number[],
): Promise<void> {
  const workspace = createWorkspace(t);
  const isOfFirstRecord = points.some(([point]) => point.startsWith('first record'));
  const loop = createCrashLoop(workspace, 1, isOfFirstRecord ? UNDECIDED_SECONDS : undefined);
  for (const [point, run] of points) {
    const killed = startPcheck(killingItself(workspace, point, run), ['-f', loop.pfile, '--no-syslog']);
    assert.equal(await endOf(killed), 'SIGKILL', `it did not come to the point:\n${killed.stderr()}`);
  }
  const last = startPcheck(workspace, ['-f', loop.pfile, '--no-syslog']);
  assert.equal(await endOf(last), 1, last.stderr());
  const [runs] = await loop.finishRound();
  assert.deepEqual(
    runs?.map(({ retryCount }) => retryCount),
    retryCounts,
    last.stderr(),
  );
  assertRetryOver(last);
  assert.equal(loop.hasRecord(), false);
  const [pent] = JSON.parse(readFileSync(workspace.path('out/dump'), 'utf8')).pents;
  assert.equal(pent.retryCount, RETRY);
  const left = readdirSync(workspace.path('out')).filter((name) => name.includes('.new'));
  assert.deepEqual(left, [], 'a dump half written is left');
}

/** As bin/pcheck starts it, but for what is loaded before. */
function killingItself(workspace: Workspace, point: string, run: number): Workspace {
  const environment = {
    ...workspace.environment,
    NODE_OPTIONS: undefined,
    KILL_AT: point,
    KILL_RUN: String(run),
  };
  const launch = [
    'program=$1',
    'shift 2',
    'PSAVER_NOFILE=$(ulimit -S -n) exec node --max-semi-space-size=1 --require "$0" "$program" "$@"',
  ].join('\n');
  const [preload, program] = [resolve('test/fixtures/kill-at.cjs'), resolve('dist/pcheck.cjs')];
  return { ...workspace, environment, prefix: ['/bin/sh', '-c', launch, preload, program] };
}

const PATIENCE_SECONDS = 60;

async function endOf(pcheck: RunningPcheck): Promise<number | string> {
  const patience = new AbortController();
  const late = delay(PATIENCE_SECONDS * 1000, 'it still runs', { signal: patience.signal });
  const status = await Promise.race([pcheck.ended, late.catch(() => 'it has ended')]);
  patience.abort();
  assert.notEqual(status, 'it still runs', `after ${PATIENCE_SECONDS} s:\n${pcheck.stderr()}`);
  return status;
}

function assertRetryOver(pcheck: RunningPcheck): void {
  const ends = pcheck.messages().filter((line) => /RETRY_OVER:EXIT$|FATAL$/.test(line));
  assert.equal(ends.length, 2, pcheck.stderr());
}

const KILLS = 200;
const PCHECKS = 4;

test(`killed ${KILLS} times at random, pcheck never hands out more restarts than RETRY, loses none, and ends`, {
  timeout: 600_000,
}, async (t) => {
  const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
  const phases = new Map<string, number>();
  const failed = new AbortController();
  const isGivenUp = () => t.signal.aborted || failed.signal.aborted;
  const rounds = await Promise.allSettled(
    Array.from({ length: PCHECKS }, (_, index) =>
      killAtRandom(createWorkspace(t), createRandom(seed + index), isGivenUp, phases).catch(
        (error: unknown) => failed.abort(`pcheck ${index + 1}: ${String(error)}`),
      ),
    ),
  );
  // When one has failed, none goes on behind the cleaning up.
  assert.ok(!failed.signal.aborted, `with KILL_SEED=${seed}, ${failed.signal.reason}`);
  t.diagnostic(`KILL_SEED=${seed}; rounds: ${rounds.map((one) => 'value' in one && one.value).join(' + ')}`);
  t.diagnostic(`killed while: ${[...phases].map(([phase, kills]) => `${phase} ${kills}`).join(', ')}`);
});

/** Rounds until pcheck was killed so often; how many there were. */
async function killAtRandom(
  workspace: Workspace,
  random: () => number,
  isGivenUp: () => boolean,
  phases: Map<string, number>,
): Promise<number> {
  const loop = createCrashLoop(workspace, 2);
  let left = KILLS / PCHECKS;
  let rounds = 0;
  while (left > 0) {
    rounds += 1;
    left -= await round(workspace, loop, random, left, isGivenUp, phases);
  }
  return rounds;
}

/** Until retry-over; how often pcheck was killed. */
async function round(
  workspace: Workspace,
  loop: CrashLoop,
  random: () => number,
  most: number,
  isGivenUp: () => boolean,
  phases: Map<string, number>,
): Promise<number> {
  const told: string[] = [];
  // What was recorded as running when pcheck was killed, by entry: it may not have come to the spawn.
  const cutShort = [new Map<string, number>(), new Map<string, number>()];
  for (let kills = 0; ; kills++) {
    assert.ok(!isGivenUp(), 'given up');
    const pcheck = startPcheck(workspace, ['-f', loop.pfile, '--no-syslog']);
    if (kills < most) {
      await Promise.race([pcheck.ended, aMoment(pcheck, random)]);
      pcheck.signal('SIGKILL');
    }
    const status = await endOf(pcheck);
    told.push(`${pcheck.stderr()}=> ${status}`);
    const recorded = loop.recorded();
    const hasEnded = status === 1 || (status === 'SIGKILL' && isAllDone(pcheck, loop));
    if (hasEnded) {
      assertRetryOver(pcheck);
      const [first, beside] = await loop.finishRound();
      const retries = retriesOf(first, cutShort[0]);
      const others = retriesOf(beside, cutShort[1]);
      const why = `used up: ${retries.join(', ')}; beside it: ${others.join(', ')}\n${told.join('\n')}`;
      assert.deepEqual(retries, upTo(RETRY), why);
      // The end of pcheck may come before the other entry has used up its retries.
      assert.deepEqual(others, upTo(Math.min(others.length, RETRY_BESIDE)), why);
      return status === 1 ? kills : kills + 1;
    }
    assert.equal(status, 'SIGKILL', told.join('\n'));
    const phase = recorded[0]?.phase ?? 'no record yet';
    phases.set(phase, (phases.get(phase) ?? 0) + 1);
    recorded.forEach((entry, index) => {
      if (entry.phase === 'running') cutShort[index]?.set(entry.token ?? '', entry.retryCount);
    });
  }
}

/** Killed when nothing was left to do but to exit: what ordinarily ended begins afresh. */
function isAllDone(pcheck: RunningPcheck, loop: CrashLoop): boolean {
  return !loop.hasRecord() && pcheck.messages().some((line) => line.endsWith('FATAL'));
}

/** Each retry that was used up, with a run or cut short before its spawn. */
function retriesOf(runs: readonly Run[] = [], cutShort: ReadonlyMap<string, number> = new Map()): number[] {
  const ran = new Set(runs.map(({ token }) => token));
  const withoutRun = [...cutShort].filter(([token]) => !ran.has(token)).map(([, retryCount]) => retryCount);
  return [...runs.map(({ retryCount }) => retryCount), ...withoutRun].sort();
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** What pcheck says before the moment at which it is killed, and how long it still has at most, milliseconds. */
const MOMENTS: readonly (readonly [message: RegExp, longest: number])[] = [
  [/took up/, 20],
  [/Try to restart/, 10],
  [/Try to restart/, 100],
  [/Up$/, 250],
  [/Down$/, 20],
  [/restart failed/, 20],
  [/FATAL/, 30],
];
const LONGEST_START_MILLISECONDS = 300;
const LONGEST_LIFE_MILLISECONDS = 1000;

/** Half of the moments are counted from the start, the others from a message. */
async function aMoment({ child }: RunningPcheck, random: () => number): Promise<void> {
  const fromStart = random() * LONGEST_START_MILLISECONDS;
  const [message, longest] = MOMENTS[Math.floor(random() * MOMENTS.length)] ?? [/Up$/, 0];
  const share = random();
  if (random() < 0.5) return delay(fromStart);
  let text = '';
  const said = new Promise<void>((done) => {
    child.stderr?.on('data', (chunk: string) => {
      text += chunk;
      if (text.split('\n').some((line) => message.test(line))) done();
    });
  });
  await Promise.race([said.then(() => delay(share * longest)), delay(LONGEST_LIFE_MILLISECONDS)]);
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
