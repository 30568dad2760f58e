// The simulation as `npm test` has it: a few thousand worlds without a broken invariant, the same world from the
// same seed, and bugs put in on purpose that it has to find.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { BUGS } from './bugs.ts';

const MAIN = resolve('build/simulation/main.mjs');
const WORLDS = 2000;
const WORLDS_FOR_A_BUG = 500;

function simulate(main: string, ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  return { status, stdout, text: `${stdout}${stderr}` };
}

test(`in ${WORLDS} random worlds no invariant is broken`, () => {
  const { status, stdout, text } = simulate(MAIN, '--runs', String(WORLDS), '--seed', '1');
  assert.equal(status, 0, text);
  const faults = Number(/^faults (\d+)$/m.exec(stdout)?.[1]);
  assert.ok(faults >= WORLDS * 50, `each has at least 50 faults:\n${stdout}`);
});

test('a seed replays exactly', () => {
  const [first, second] = [1, 2].map(() => simulate(MAIN, '--tell', '--seed', '4711').stdout);
  assert.ok((first ?? '').split('\n').length > 50, first);
  assert.equal(first, second);
});

for (const bug of BUGS) {
  test(`a bug is found: ${bug.name}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'psaver-bug-'));
    t.after(() => rmSync(folder, { recursive: true }));
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    const main = join(folder, 'main.mjs');
    const built = spawnSync(process.execPath, ['scripts/build-simulation.mjs', main, JSON.stringify(bug)]);
    assert.equal(built.status, 0, String(built.stderr));
    const { status, text } = simulate(main, '--first', '--runs', String(WORLDS_FOR_A_BUG), '--seed', '1');
    assert.equal(status, 1, text);
    const [, seed] = /^seed (\d+): /m.exec(text) ?? [];
    assert.ok(seed !== undefined, text);
    assert.match(simulate(main, '--tell', '--seed', seed).text, /Error: /);
    t.diagnostic(`found after ${seed} worlds: ${/^seed \d+: (.*)$/m.exec(text)?.[1]}`);
  });
}
