// The guide to CLUSTERPRO X / EXPRESSCLUSTER says the same in both languages, where a machine can tell.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

function page(name: string): string {
  return readFileSync(`docs/${name}`, 'utf8');
}

const ENGLISH = page('expresscluster.md');
const JAPANESE = page('expresscluster.ja.md');

/** What stands in code blocks, where it is a command. */
function commands(text: string): string[] {
  const blocks = text.split('```').filter((_, index) => index % 2 === 1);
  return blocks.flatMap((block) => block.match(/^(?:clp\w+|cp|cd|mkdir) .*$/gm) ?? []);
}

test('both give the same commands', () => {
  assert.ok(commands(ENGLISH).length > 20);
  assert.deepEqual(commands(JAPANESE), commands(ENGLISH));
});

test('both explain the same parameters', () => {
  const rows = (text: string) =>
    [...text.matchAll(/^\| (`\w+\/[\w/]+`) +\| (\w*) *\|/gm)].map((row) => row.slice(1));
  assert.ok(rows(ENGLISH).length > 5);
  assert.deepEqual(rows(JAPANESE), rows(ENGLISH));
});

test('both mark as many things to check, and link to the same pages', () => {
  const marks = (text: string) => text.match(/\((?:check|要確認)\)/g)?.length;
  const links = (text: string) => [...text.matchAll(/\]\((reference\/[^)]+)\)/g)].map(([, link]) => link);
  assert.equal(marks(JAPANESE), marks(ENGLISH));
  assert.deepEqual(links(JAPANESE), links(ENGLISH));
});
