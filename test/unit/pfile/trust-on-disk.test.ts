// The same rules on a real disk: only there links, owners and modes are what the kernel makes of them.
import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readPfile } from '../../../src/pfile/read.ts';
import { createFileLookup } from '../../../src/system/real/files/file-lookup.ts';
import { loadKernel } from '../../../src/system/real/kernel.ts';
import { lines } from './fakes.ts';

const { fileCalls } = await loadKernel();

const STRANGER = 65_534;

type Place = {
  readonly folder: string;
  readonly pfile: string;
  readonly script: string;
  /** `CODE PATH` of each finding, the path as it is named below the folder. */
  findings(pfile?: string): Promise<string[]>;
};

/** FOLDER/pfile and FOLDER/bin/s.sh, as they should be. */
function createPlace(t: TestContext): Place {
  const folder = mkdtempSync(join(tmpdir(), 'psaver-trust-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const pfile = join(folder, 'pfile');
  const script = join(folder, 'bin/s.sh');
  mkdirSync(join(folder, 'bin'), { mode: 0o755 });
  writeFileSync(script, '#!/bin/sh\n', { mode: 0o755 });
  chmodSync(script, 0o755);
  writeFileSync(pfile, lines('IPCKEY 0x1', `SHM_DUMP_FILE ${folder}/dump`, `j:${script}:::`));
  chmodSync(pfile, 0o644);
  return {
    folder,
    pfile,
    script,
    async findings(path = pfile) {
      const reading = await readPfile(path, createFileLookup(fileCalls));
      const diagnostics = reading.ok ? reading.warnings : reading.diagnostics;
      return diagnostics.map(({ line, code, text }) => {
        const [, advised = ''] = / (?:chown(?: -h)? root|chmod \S+) (\S+)$/.exec(text) ?? [];
        return `${line} ${code} ${advised.replace(folder, '')}`;
      });
    },
  };
}

test('when all is as it should be below a sticky directory, nothing is said', async (t) => {
  assert.deepEqual(await createPlace(t).findings(), []);
});

test('when pfile and script may be written by others, each is told with its mode', async (t) => {
  const place = createPlace(t);
  chmodSync(place.pfile, 0o664);
  chmodSync(place.script, 0o777);
  assert.deepEqual(await place.findings(), ['1 untrusted-mode /pfile', '3 untrusted-mode /bin/s.sh']);
});

test('when the directory of the script may be written by others, the sticky bit makes the difference', async (t) => {
  const place = createPlace(t);
  chmodSync(join(place.folder, 'bin'), 0o777);
  assert.deepEqual(await place.findings(), ['3 untrusted-directory-mode /bin']);
  chmodSync(join(place.folder, 'bin'), 0o1777);
  assert.deepEqual(await place.findings(), []);
});

test('when the pfile is reached by a link in an open directory, the link is not trusted', async (t) => {
  const place = createPlace(t);
  mkdirSync(join(place.folder, 'open'));
  chmodSync(join(place.folder, 'open'), 0o777);
  symlinkSync('../pfile', join(place.folder, 'open/link'));
  assert.deepEqual(await place.findings(join(place.folder, 'open/link')), [
    '1 untrusted-directory-mode /open',
  ]);
});

test('when a directory on the way is a link through an open directory, it is found', async (t) => {
  const place = createPlace(t);
  mkdirSync(join(place.folder, 'open'));
  chmodSync(join(place.folder, 'open'), 0o777);
  symlinkSync('../bin', join(place.folder, 'open/current'));
  symlinkSync('open/current', join(place.folder, 'current'));
  const text = lines('IPCKEY 0x1', `SHM_DUMP_FILE ${place.folder}/dump`, `j:${place.folder}/current/s.sh:::`);
  writeFileSync(place.pfile, text);
  assert.deepEqual(await place.findings(), ['3 untrusted-directory-mode /open']);
});

const needsRoot = { skip: process.getuid?.() !== 0 && 'only root can give files away' };

test('when files, directories and links belong to somebody else, each is told', needsRoot, async (t) => {
  const place = createPlace(t);
  chownSync(place.pfile, STRANGER, STRANGER);
  chownSync(place.script, STRANGER, STRANGER);
  assert.deepEqual(await place.findings(), ['1 untrusted-owner /pfile', '3 untrusted-owner /bin/s.sh']);
  chownSync(place.pfile, 0, 0);
  chownSync(place.script, 0, 0);
  chownSync(join(place.folder, 'bin'), STRANGER, STRANGER);
  assert.deepEqual(await place.findings(), ['3 untrusted-directory /bin']);
  chownSync(join(place.folder, 'bin'), 0, 0);
  symlinkSync('pfile', join(place.folder, 'link'));
  lchownSync(join(place.folder, 'link'), STRANGER, STRANGER);
  assert.deepEqual(await place.findings(join(place.folder, 'link')), ['1 untrusted-link /link']);
});
