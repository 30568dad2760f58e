import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPfile } from '../../../src/pfile/read.ts';
import type { Diagnostic } from '../../../src/pfile/types.ts';
import { type FakeFile, fakeFiles, lines } from './fakes.ts';

const DIRECTORY: FakeFile = { kind: 'directory' };
const COMMAND: FakeFile = { kind: 'file', executable: true };

const TEXT = lines(
  'IPCKEY 0x1',
  'SHM_DUMP_FILE /d/p.dump',
  'SHUTDOWN_COMMAND /cmd/off',
  'j:/opt/s.sh::::check_cmd=/cmd/check:retry_over_cmd=/cmd/over',
);

/** A disk on which everything is as it should be, but for what is named. */
function disk(named: Readonly<Record<string, FakeFile>>): Readonly<Record<string, FakeFile>> {
  return {
    '/': DIRECTORY,
    '/etc': DIRECTORY,
    '/etc/p': { kind: 'file', mode: 0o644, text: TEXT },
    '/opt': DIRECTORY,
    '/opt/s.sh': COMMAND,
    '/cmd': DIRECTORY,
    '/cmd/off': COMMAND,
    '/cmd/check': COMMAND,
    '/cmd/over': COMMAND,
    ...named,
  };
}

async function diagnosticsOf(
  named: Readonly<Record<string, FakeFile>>,
  ownUid = 0,
  path = '/etc/p',
): Promise<readonly Diagnostic[]> {
  const reading = await readPfile(path, fakeFiles(disk(named), ownUid));
  return reading.ok ? reading.warnings : reading.diagnostics;
}

const PFILE: FakeFile = { kind: 'file', mode: 0o644, text: TEXT };

const CASES: ReadonlyArray<
  readonly [what: string, named: Readonly<Record<string, FakeFile>>, problems: string[]]
> = [
  ['all is as it should be', {}, []],
  ['the pfile is of another user', { '/etc/p': { ...PFILE, uid: 5 } }, ['1:1 untrusted-owner']],
  ['the pfile may be written by its group', { '/etc/p': { ...PFILE, mode: 0o664 } }, ['1:1 untrusted-mode']],
  ['the pfile may be written by others', { '/etc/p': { ...PFILE, mode: 0o646 } }, ['1:1 untrusted-mode']],
  [
    'the pfile is of another user and may be written by all',
    { '/etc/p': { ...PFILE, uid: 5, mode: 0o666 } },
    ['1:1 untrusted-owner', '1:1 untrusted-mode'],
  ],
  ['the pfile may be read by its owner only', { '/etc/p': { ...PFILE, mode: 0o400 } }, []],
  ['a script is of another user', { '/opt/s.sh': { ...COMMAND, uid: 5 } }, ['4:3 untrusted-owner']],
  [
    'a script may be written by its group',
    { '/opt/s.sh': { ...COMMAND, mode: 0o775 } },
    ['4:3 untrusted-mode'],
  ],
  ['check_cmd is of another user', { '/cmd/check': { ...COMMAND, uid: 5 } }, ['4:26 untrusted-owner']],
  ['retry_over_cmd may be written', { '/cmd/over': { ...COMMAND, mode: 0o757 } }, ['4:52 untrusted-mode']],
  ['SHUTDOWN_COMMAND may be written', { '/cmd/off': { ...COMMAND, mode: 0o757 } }, ['3:18 untrusted-mode']],
  [
    'a directory of three commands may be written, which is told once',
    { '/cmd': { ...DIRECTORY, mode: 0o777 } },
    ['3:18 untrusted-directory-mode'],
  ],
  ['a directory may be written by its group', { '/cmd': { ...DIRECTORY, mode: 0o775 } }, []],
  ['a directory may be written, but is sticky', { '/cmd': { ...DIRECTORY, mode: 0o1777 } }, []],
  ['a directory is of another user', { '/opt': { ...DIRECTORY, uid: 5 } }, ['4:3 untrusted-directory']],
  [
    'a sticky directory is of another user',
    { '/opt': { ...DIRECTORY, uid: 5, mode: 0o1777 } },
    ['4:3 untrusted-directory'],
  ],
  [
    'the root directory may be written',
    { '/': { ...DIRECTORY, mode: 0o777 } },
    ['1:1 untrusted-directory-mode'],
  ],
  [
    'a directory above the script may be written, though the one it is in may not',
    {
      '/opt/s.sh': { ...COMMAND, target: '/a/b/s.sh' },
      '/a': { ...DIRECTORY, mode: 0o777 },
      '/a/b': DIRECTORY,
      '/a/b/s.sh': COMMAND,
    },
    ['4:3 untrusted-directory-mode'],
  ],
  [
    'a link leads to a script of another user',
    { '/opt/s.sh': { ...COMMAND, target: '/a/s.sh' }, '/a': DIRECTORY, '/a/s.sh': { ...COMMAND, uid: 5 } },
    ['4:3 untrusted-owner'],
  ],
  [
    'the directory that holds a link may be written, though all is well where it leads',
    {
      '/opt': { ...DIRECTORY, mode: 0o777 },
      '/opt/s.sh': { ...COMMAND, target: '/cmd/check' },
    },
    ['4:3 untrusted-directory-mode'],
  ],
  [
    'the directory of a link in the middle of a chain may be written',
    {
      '/opt/s.sh': { ...COMMAND, target: '/a/s.sh' },
      '/a': { ...DIRECTORY, mode: 0o777 },
      '/a/s.sh': { ...COMMAND, target: '/cmd/check' },
    },
    ['4:3 untrusted-directory-mode'],
  ],
  [
    'a link in a sticky directory is of another user',
    {
      '/opt': { ...DIRECTORY, mode: 0o1777 },
      '/opt/s.sh': { ...COMMAND, uid: 5, target: '/cmd/check' },
    },
    ['4:3 untrusted-link'],
  ],
];

for (const [what, named, expected] of CASES) {
  test(`when ${what}, it gives ${expected.join(', ') || 'nothing'}`, async () => {
    const found = (await diagnosticsOf(named)).map(({ line, column, code }) => `${line}:${column} ${code}`);
    assert.deepEqual(found, expected);
  });
}

test('when the pfile is named by a link, the directory of the link counts too, and its real path is kept', async () => {
  const link: FakeFile = { ...PFILE, target: '/etc/p' };
  const open = await diagnosticsOf({ '/a': { ...DIRECTORY, mode: 0o777 }, '/a/p': link }, 0, '/a/p');
  assert.deepEqual(
    open.map(({ line, code }) => `${line} ${code}`),
    ['1 untrusted-directory-mode'],
  );
  const reading = await readPfile('/a/p', fakeFiles(disk({ '/a': DIRECTORY, '/a/p': link })));
  assert.ok(reading.ok);
  assert.equal(reading.pfile.path, '/etc/p');
});

test('when pcheck runs as another user, its own files and those of root are trusted, no others', async () => {
  const own: FakeFile = { ...COMMAND, uid: 7 };
  assert.deepEqual(
    await diagnosticsOf({ '/cmd': { ...DIRECTORY, uid: 7 }, '/cmd/off': own, '/opt/s.sh': own }, 7),
    [],
  );
  const [finding, ...others] = await diagnosticsOf({ '/opt/s.sh': own }, 8);
  assert.deepEqual(others, []);
  assert.equal(
    finding?.text,
    'SCRIPT "/opt/s.sh" cannot be trusted: /opt/s.sh is owned by uid 7 (-rwxr-xr-x, expected root or uid 8), who may change it: chown root /opt/s.sh',
  );
});

const TEXTS: ReadonlyArray<readonly [named: Readonly<Record<string, FakeFile>>, text: string]> = [
  [
    { '/etc/p': { ...PFILE, mode: 0o664 } },
    'this pfile cannot be trusted: its group may write to /etc/p (-rw-rw-r--): chmod go-w /etc/p',
  ],
  [
    { '/opt/s.sh': { ...COMMAND, mode: 0o777 } },
    'SCRIPT "/opt/s.sh" cannot be trusted: its group and others may write to /opt/s.sh (-rwxrwxrwx): chmod go-w /opt/s.sh',
  ],
  [
    { '/cmd/check': { ...COMMAND, uid: 5 } },
    'check_cmd "/cmd/check" cannot be trusted: /cmd/check is owned by uid 5 (-rwxr-xr-x, expected root), who may change it: chown root /cmd/check',
  ],
  [
    { '/opt': { ...DIRECTORY, mode: 0o777 } },
    'SCRIPT "/opt/s.sh" cannot be trusted: others may write to the directory /opt (drwxrwxrwx) and replace what is in it: chmod o-w /opt',
  ],
  [
    { '/opt': { ...DIRECTORY, uid: 5 } },
    'SCRIPT "/opt/s.sh" cannot be trusted: the directory /opt is owned by uid 5 (drwxr-xr-x, expected root), who may replace what is in it: chown root /opt',
  ],
  [
    { '/opt/s.sh': { ...COMMAND, uid: 5, target: "/cmd/it's" }, "/cmd/it's": COMMAND },
    'SCRIPT "/opt/s.sh" cannot be trusted: the link /opt/s.sh is owned by uid 5, who may lead it elsewhere: chown -h root /opt/s.sh',
  ],
  [
    { '/opt/s.sh': { ...COMMAND, target: "/cmd/it's" }, "/cmd/it's": { ...COMMAND, mode: 0o775 } },
    `SCRIPT "/opt/s.sh" cannot be trusted: its group may write to /cmd/it's (-rwxrwxr-x): chmod go-w '/cmd/it'\\''s'`,
  ],
];

for (const [named, text] of TEXTS) {
  test(`when it is refused, the text says: ${text}`, async () => {
    assert.deepEqual(
      (await diagnosticsOf(named)).map((diagnostic) => diagnostic.text),
      [text],
    );
  });
}

test('when a command is missing, only that is said of it', async () => {
  const found = (await diagnosticsOf({ '/opt/s.sh': { kind: 'missing' } })).map(({ code }) => code);
  assert.deepEqual(found, ['script-missing']);
});
