// The compiled code that the build puts beside padmin: used by the Node that it was made for, and never needed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Script } from 'node:vm';
import { createWorkspace } from '../harness/workspace.ts';

const BUILT_HERE = `${process.version}-${process.arch}.code`;

function codeFile(folder: string): string {
  const name = readdirSync(folder).find((file) => file.startsWith('padmin.') && file.endsWith('.code'));
  assert.ok(name, 'the build has made no compiled code');
  return `${folder}/${name}`;
}

function copyOfPsaver(t: TestContext): string {
  const { folder } = createWorkspace(t);
  for (const part of ['bin', 'dist']) cpSync(part, `${folder}/${part}`, { recursive: true });
  return folder;
}

function versionOf(folder: string): string {
  const { stdout, stderr } = spawnSync(`${folder}/bin/padmin`, ['-V'], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return stdout;
}

test('the compiled code of padmin is for this Node, and V8 takes it', () => {
  const path = codeFile('dist');
  assert.ok(path.endsWith(BUILT_HERE), path);
  const text = readFileSync('dist/padmin.main.cjs', 'latin1');
  const script = new Script(text, { cachedData: readFileSync(path) });
  assert.equal(script.cachedDataRejected, false);
});

test('without its compiled code padmin does the same', (t) => {
  const folder = copyOfPsaver(t);
  rmSync(codeFile(`${folder}/dist`));
  assert.match(versionOf(folder), /^padmin \(psaver\) /);
});

test('with compiled code that is torn or of another kind padmin does the same', (t) => {
  const folder = copyOfPsaver(t);
  const path = codeFile(`${folder}/dist`);
  const whole = readFileSync(path);
  for (const bytes of [whole.subarray(0, 1000), Buffer.alloc(0), Buffer.from('no code')]) {
    writeFileSync(path, bytes);
    assert.match(versionOf(folder), /^padmin \(psaver\) /);
  }
});

test('compiled code is named after the text that it was made of, so that of another text is never looked at', () => {
  const digest = createHash('sha256').update(readFileSync('dist/padmin.main.cjs')).digest('hex').slice(0, 16);
  assert.equal(codeFile('dist'), `dist/padmin.${digest}.${BUILT_HERE}`);
  assert.ok(readFileSync('dist/padmin.cjs', 'utf8').includes(digest));
});
