// The page of all messages is made of the catalogue, and says of each what an operator needs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MESSAGES_PAGE, renderMessages } from '../../scripts/messages.ts';
import { catalogue } from '../../src/log/catalogue.ts';

test('docs/reference/messages.md is what the catalogue makes of it', () => {
  assert.equal(
    readFileSync(MESSAGES_PAGE, 'utf8'),
    renderMessages(),
    `${MESSAGES_PAGE} is not up to date: run "npm run docs" and commit it`,
  );
});

test('the page has every message once, the most serious level first', () => {
  const headings = [...renderMessages().matchAll(/^### `(.*)`$/gm)].map(([, text = '']) => text);
  const texts = Object.values(catalogue).map(({ text }) => text as string);
  assert.deepEqual([...headings].sort(), [...texts].sort());
  const ranks = headings.map((text) => LEVELS.indexOf(levelOf(text)));
  assert.deepEqual(
    ranks,
    ranks.toSorted((a, b) => a - b),
  );
});

const LEVELS = ['crit', 'err', 'warning', 'notice', 'info', 'debug'];

function levelOf(text: string): string {
  return Object.values(catalogue).find((message) => message.text === text)?.level ?? '';
}

test('no advice sends the reader to another line of the page by its place', () => {
  for (const [id, { meaning, action }] of Object.entries(catalogue)) {
    assert.doesNotMatch(`${meaning} ${action}`, /\b(above|below)\b/, id);
  }
});
