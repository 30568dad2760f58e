// docs/proofs.md is whole: each row and rule of the specification has tests, and these are there by their titles.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PROOFS, readProofs, readRules } from '../harness/specification.ts';

const PROVEN = readProofs();

function place({ section, key }: { readonly section: string; readonly key: string }): string {
  return `${section} / ${key}`;
}

test('every row and rule of the specification is in the table of proofs, in its order, and nothing else', () => {
  const proven = [...new Set(PROVEN.map(place))];
  assert.deepEqual(proven, readRules().map(place));
});

test('every line of it names a test', () => {
  for (const proof of PROVEN) {
    const isNamed = proof.tests.length > 0 || proof.todo !== undefined;
    assert.ok(isNamed && proof.claim !== '', `${place(proof)}: ${proof.claim}`);
  }
});

test('every test that it names is in the named file, once', () => {
  for (const { file, title } of PROVEN.flatMap(({ tests }) => tests)) {
    assert.equal(
      titlesOf(file).filter((found) => found === title).length,
      1,
      `${PROOFS} names “${title}”, which is not in ${file}, or more than once`,
    );
  }
});

test('no proof is still to come', () => {
  const missing = PROVEN.flatMap((proof) =>
    proof.todo === undefined ? [] : [`TODO:${proof.todo} ${place(proof)}: ${proof.claim}`],
  );
  assert.deepEqual(missing, []);
});

/** The titles in a test file, literally as they are written there; of a scenario, its first line. */
function titlesOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('/steps')) return [text.split('\n')[0]?.replace(/^# /, '') ?? ''];
  return [...text.matchAll(TITLE)].map(([, single, double, template]) =>
    (single ?? double ?? template ?? '').replace(/\\(['"`\\])/g, '$1'),
  );
}

const TITLE = /\b(?:test|step)\(\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/g;
