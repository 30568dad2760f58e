// The two lines that a newcomer pastes stand in the README, and CI runs the second of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('the README has one line that runs the demo and one that runs the tests, and .ci/run runs the latter', () => {
  const readme = readFileSync('README.md', 'utf8').split('\n');
  const ci = readFileSync('.ci/run', 'utf8').split('\n');
  assert.ok(readme.includes('npm ci && npm run demo'));
  assert.ok(readme.includes('npm ci && npm test'));
  assert.equal(ci.at(-2), 'npm ci && npm test');
});
