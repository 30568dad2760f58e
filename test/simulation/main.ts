// `npm run simulate -- --runs N --seed S [--tell]`: many worlds, one after the other, each from a seed of its own.
import { parseArgs } from 'node:util';
import { Violation } from './violation.ts';
import { runWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    tell: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const runs = Number(values.runs);
const total = { deaths: 0, faults: 0, crashes: 0, virtual: 0 };
const visits: Record<string, number> = {};
const found = new Map<string, number[]>();
const startedAt = Date.now();
for (let seed = first; seed < first + runs; seed++) {
  try {
    const result = runWorld(seed, values.tell ? (line) => console.log(line) : undefined);
    total.deaths += result.deaths;
    total.faults += result.faults;
    total.crashes += result.crashes;
    total.virtual += result.virtualMilliseconds;
    for (const [key, count] of Object.entries(result.visits)) visits[key] = (visits[key] ?? 0) + count;
  } catch (error) {
    if (values.tell) console.log(error instanceof Violation ? String(error) : error);
    const key = String(error)
      .replace(/\/?(srv\/)?(s|link)\d/g, 'X')
      .replace(/\d+(\.\d+)?/g, 'N');
    found.set(key, [...(found.get(key) ?? []), seed]);
  }
}
console.log(total, visits, `${(Date.now() - startedAt) / runs} ms a world`);
for (const [key, seeds] of [...found].sort((a, b) => b[1].length - a[1].length)) {
  console.log(seeds.length, key.slice(0, 300), seeds.slice(0, 5).join(' '));
}
