// `npm run simulate -- --runs N --seed S`: worlds from seeds S, S+1, …, on all CPUs; what they saw, and the table of
// states and events. Ends with 1 at a broken invariant, and says how to see it again. `--tell` tells one world.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { visits } from './counted-transition.ts';
import { coverage } from './coverage.ts';
import { Violation } from './violation.ts';
import { runWorld } from './world.ts';

type Found = { readonly seed: number; readonly text: string };
type Tally = {
  readonly worlds: number;
  readonly counts: Record<string, number>;
  readonly visits: Record<string, number>;
  readonly found: Found[];
};

const WORLDS_TO_VISIT_ALL_PAIRS = 20_000;
const SHOWN = 100;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    /** Ends at the first broken invariant. */
    first: { type: 'boolean', default: false },
    tell: { type: 'boolean', default: false },
    worker: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const runs = Number(values.runs);

if (values.tell) tellWorld(seed);
else if (values.worker) process.stdout.write(JSON.stringify(simulate(seed, runs)));
else await simulateOnAllCpus();

function tellWorld(one: number): void {
  try {
    runWorld(one, (line) => console.log(line));
    console.log('no invariant is broken');
  } catch (error) {
    console.log(error instanceof Violation ? String(error) : error);
    process.exitCode = 1;
  }
}

function simulate(first: number, count: number): Tally {
  const tally: Tally = { worlds: count, counts: {}, visits: {}, found: [] };
  for (let one = first; one < first + count; one++) {
    try {
      add(tally.counts, runWorld(one));
    } catch (error) {
      const text = error instanceof Violation ? error.message : String((error as Error).stack ?? error);
      tally.found.push({ seed: one, text });
      if (values.first) break;
    }
  }
  add(tally.visits, Object.fromEntries(visits));
  return tally;
}

async function simulateOnAllCpus(): Promise<void> {
  const startedAt = Date.now();
  const jobs = values.first ? 1 : Math.min(availableParallelism(), runs);
  const share = Math.ceil(runs / jobs);
  const tallies = await Promise.all(
    Array.from({ length: jobs }, (_, job) =>
      startWorker(seed + job * share, Math.max(0, Math.min(share, runs - job * share))),
    ),
  );
  const total: Tally = { worlds: runs, counts: {}, visits: {}, found: [] };
  for (const tally of tallies) {
    add(total.counts, tally.counts);
    add(total.visits, tally.visits);
    total.found.push(...tally.found);
  }
  report(total, (Date.now() - startedAt) / 1000);
}

function startWorker(first: number, count: number): Promise<Tally> {
  const words = ['--worker', '--seed', String(first), '--runs', String(count)];
  const main = process.argv[1] ?? '';
  const child = spawn(process.execPath, [main, ...words, ...(values.first ? ['--first'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    // A worker writes one Tally, as above.
    child.on('close', () =>
      text === '' ? reject(new Error('a worker died')) : resolve(JSON.parse(text) as Tally),
    );
  });
}

function report({ counts, visits: visited, found }: Tally, seconds: number): void {
  const { virtualMilliseconds = 0, ...others } = counts;
  console.log(`worlds ${runs}, seeds ${seed} to ${seed + runs - 1}, ${seconds.toFixed(0)} s of real time`);
  console.log(`${(virtualMilliseconds / 3_600_000).toFixed(0)} hours of virtual time`);
  for (const [name, count] of Object.entries(others)) console.log(`${name} ${count}`);
  const { table, wrong } = coverage(new Map(Object.entries(visited)));
  console.log(`\nstates and events (- cannot be):\n${table}\n`);
  for (const { seed: one, text } of found.slice(0, SHOWN)) {
    console.log(`seed ${one}: ${text}\n  again: npm run simulate -- --tell --seed ${one}`);
  }
  console.log(`broken invariants: ${found.length}`);
  if (found.length > 0) process.exitCode = 1;
  if (runs >= WORLDS_TO_VISIT_ALL_PAIRS && wrong.length > 0) {
    console.log(`pairs that no world came to, or that should be impossible: ${wrong.join(', ')}`);
    process.exitCode = 1;
  }
}

function add(sums: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(more)) sums[key] = (sums[key] ?? 0) + count;
}
