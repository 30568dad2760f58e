import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createFileLookup } from '../../../src/system/real/files/file-lookup.ts';
import { loadKernel } from '../../../src/system/real/kernel.ts';

const { fileCalls } = await loadKernel();

/** Puts a getent of our own first in PATH, which writes down that it was asked. */
function withGetent(t: TestContext, body: string): { wasAsked(): boolean } {
  const folder = mkdtempSync(join(tmpdir(), 'psaver-getent-'));
  const before = process.env['PATH'];
  t.after(() => {
    process.env['PATH'] = before;
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, 'getent'), `#!/bin/sh\n: > ${folder}/asked\n${body}\n`);
  chmodSync(join(folder, 'getent'), 0o755);
  process.env['PATH'] = `${folder}:${before}`;
  return { wasAsked: () => existsSync(join(folder, 'asked')) };
}

const WITHOUT_ASKING: ReadonlyArray<readonly [name: string, uid: number | undefined]> = [
  ['0', 0],
  ['65534', 65_534],
  ['4294967294', 4_294_967_294],
  ['4294967295', undefined],
  ['9'.repeat(400), undefined],
  ['root', 0],
  ['', undefined],
  ['--service=files', undefined],
  ['a b', undefined],
  ['root:x', undefined],
];

for (const [name, uid] of WITHOUT_ASKING) {
  test(`when the user is "${name.slice(0, 20)}", the uid is ${uid}, and getent is not asked`, async (t) => {
    const getent = withGetent(t, 'echo "x:x:77:77::/:/bin/sh"');
    assert.equal(await createFileLookup(fileCalls).userId(name), uid);
    assert.equal(getent.wasAsked(), false);
  });
}

test('when /etc/passwd does not have the name, getent is asked', async (t) => {
  withGetent(t, `[ "$*" = 'passwd no-such-user' ] && echo "no-such-user:*:1005:1005:A B:/home/x:/bin/sh"`);
  assert.equal(await createFileLookup(fileCalls).userId('no-such-user'), 1005);
});

const ANSWERS: ReadonlyArray<readonly [what: string, body: string]> = [
  ['does not know it', 'exit 2'],
  ['fails after an answer', 'echo "a:x:7:7::/:"; exit 1'],
  ['says nothing', 'exit 0'],
  ['talks rubbish', 'echo rubbish'],
  ['tells a uid that is none', 'echo "a:x:-1:7::/:"'],
];

for (const [what, body] of ANSWERS) {
  test(`when getent ${what}, there is no uid`, async (t) => {
    withGetent(t, body);
    assert.equal(await createFileLookup(fileCalls).userId('no-such-user'), undefined);
  });
}

test('when there is no getent, there is no uid', async (t) => {
  withGetent(t, '');
  process.env['PATH'] = '/nowhere';
  assert.equal(await createFileLookup(fileCalls).userId('no-such-user'), undefined);
});
