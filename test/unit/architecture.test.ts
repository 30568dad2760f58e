// The rules of the house that no compiler checks: imports run downwards, only src/system touches the outside,
// files stay small, and the page that names every file is up to date.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { renderSourceMap, SOURCE_MAP_PAGE } from '../../scripts/source-map.ts';

const FILES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `src/${name}`)
  .sort();

/** Each room may import from itself, from rooms of a higher number, and from those of its own that are named. */
const LEVELS: Readonly<Record<string, number>> = {
  '': 0,
  program: 1,
  monitor: 2,
  control: 2,
  entry: 3,
  process: 4,
  pfile: 4,
  log: 4,
  system: 5,
};

function roomOf(file: string): string {
  const [, room = ''] = file.split('/');
  return room.endsWith('.ts') ? '' : room;
}

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^(?:import|export) [^;]*?from '([^']+)';/gms)].map(
    ([, from = '']) => from,
  );
}

test('there are files to look at', () => assert.ok(FILES.length > 40));

test('imports between rooms run downwards only', () => {
  for (const file of FILES) {
    for (const from of importsOf(file).filter((path) => path.startsWith('.'))) {
      const target = normalize(join(dirname(file), from));
      const [room, targetRoom] = [roomOf(file), roomOf(target)];
      if (room === targetRoom) continue;
      assert.ok((LEVELS[room] ?? 9) < (LEVELS[targetRoom] ?? -1), `${file} imports ${target}`);
    }
  }
});

test('only the system room touches the outside', () => {
  const harmless = ['node:path'];
  for (const file of FILES.filter((name) => roomOf(name) !== 'system')) {
    const outside = importsOf(file).filter((from) => from.startsWith('node:') && !harmless.includes(from));
    assert.deepEqual(outside, [], file);
    const text = readFileSync(file, 'utf8');
    assert.doesNotMatch(text, /\bDate\.now\(|\bsetTimeout\(|\bsetInterval\(|\bsetImmediate\(/, file);
    if (roomOf(file) !== '')
      assert.doesNotMatch(text, /\bprocess\.(?!test)[a-z]+\(|\bprocess\.(env|argv)\b/, file);
  }
});

test('the core asks nobody for the time: monitor and below get it from the system', () => {
  for (const file of FILES.filter((name) => ['entry', 'process', 'pfile'].includes(roomOf(name)))) {
    assert.doesNotMatch(readFileSync(file, 'utf8'), /\bnew Date\(|\bperformance\b|Math\.random/, file);
  }
});

test('no unit test sleeps', () => {
  const tests = readdirSync('test/unit', { recursive: true }).map((name) => `test/unit/${name}`);
  for (const file of tests.filter((name) => name.endsWith('.ts'))) {
    const text = readFileSync(file, 'utf8');
    // A child that is only looked at may wait for its end.
    assert.doesNotMatch(text, /timers\/promises|Atomics\.wait|setTimeout\((?!\(\) => undefined)/, file);
  }
});

test('no file is longer than 200 lines, the message catalogue apart', () => {
  for (const file of FILES.filter((name) => name !== 'src/log/catalogue.ts')) {
    const lines = readFileSync(file, 'utf8').split('\n').length - 1;
    assert.ok(lines <= 200, `${file} has ${lines} lines`);
  }
});

test('every file begins by saying what it decides', () => {
  for (const file of FILES) assert.match(readFileSync(file, 'utf8'), /^\/\/ \S/, file);
});

test('the page of the source files is up to date (npm run docs)', () => {
  assert.equal(readFileSync(SOURCE_MAP_PAGE, 'utf8'), renderSourceMap());
});
