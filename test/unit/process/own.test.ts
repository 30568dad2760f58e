// What is psaver's own is known by its command line.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseCommandLine } from '../../../src/process/command-line.ts';
import { isPsaver } from '../../../src/process/own.ts';

for (const program of ['pcheck', 'padmin']) {
  test(`${program} is known as psaver's own by the words that bin/${program} starts it with`, () => {
    const words = /^exec (node .*)$/m
      .exec(readFileSync(`bin/${program}`, 'utf8'))?.[1]
      ?.replaceAll('"', '')
      .split(' ');
    assert.ok(words !== undefined);
    const line = parseCommandLine(Buffer.from(`${words.join('\0')}\0`));
    assert.ok(line !== undefined && isPsaver(line), words.join(' '));
  });
}
