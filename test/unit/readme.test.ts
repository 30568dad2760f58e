// The two lines that a newcomer pastes stand in the README, and CI runs the second of them. What it and the other
// pages link to is there.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

test('the README has one line that runs the demo and one that runs the tests, and .ci/run runs the latter', () => {
  const readme = readFileSync('README.md', 'utf8').split('\n');
  const ci = readFileSync('.ci/run', 'utf8').split('\n');
  assert.ok(readme.includes('npm ci && npm run demo'));
  assert.ok(readme.includes('npm ci && npm test'));
  assert.equal(ci.at(-2), 'npm ci && npm test && npm run test:systemd && npm run test:cluster');
});

const PAGES = [
  'README.md',
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
];

function linksOf(page: string): string[] {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)];
  return links.map(([, link = '']) => join(dirname(page), link));
}

test('every link from a page to another file of the project leads to one', () => {
  for (const page of PAGES) {
    for (const link of linksOf(page)) assert.ok(existsSync(link), `${page} links to ${link}`);
  }
});

test('the README links to every page of the documentation', () => {
  const pages = PAGES.filter((page) => page.startsWith('docs/'));
  assert.deepEqual(
    pages.filter((page) => !linksOf('README.md').includes(page)),
    [],
  );
});
