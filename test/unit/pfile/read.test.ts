import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPfile } from '../../../src/pfile/read.ts';
import { type FakeFile, fakeFiles, lines, PARAM, PENT } from './fakes.ts';

function read(text: string, named: Readonly<Record<string, FakeFile>> = {}) {
  return readPfile('/etc/p', fakeFiles({ '/etc/p': { kind: 'file', text }, ...named }));
}

async function problems(text: string, named: Readonly<Record<string, FakeFile>> = {}): Promise<string[]> {
  const reading = await read(text, named);
  return (reading.ok ? reading.warnings : reading.diagnostics).map((d) => `${d.line}:${d.column} ${d.code}`);
}

test('when all is well, the pfile comes back with its path, without warnings', async () => {
  const reading = await read(lines(...PARAM, PENT));
  assert.ok(reading.ok);
  assert.equal(reading.pfile.path, '/etc/p');
  assert.equal(reading.pfile.pents.length, 1);
  assert.deepEqual(reading.warnings, []);
});

test('when only warnings were found, the pfile is usable and they are handed over', async () => {
  const reading = await read(lines(...PARAM, `${PENT}:`));
  assert.ok(reading.ok);
  assert.deepEqual(
    reading.warnings.map(({ code }) => code),
    ['empty-option'],
  );
});

test('when the file cannot be read, the exception goes through', async () => {
  await assert.rejects(readPfile('/nowhere', fakeFiles()), /ENOENT/);
});

const SCRIPT_CASES: ReadonlyArray<readonly [file: FakeFile | undefined, problems: string[]]> = [
  [{ kind: 'file', executable: true }, []],
  [undefined, ['3:3 script-missing']],
  [{ kind: 'file', executable: false }, ['3:3 script-not-executable']],
  [{ kind: 'directory', executable: true }, ['3:3 script-not-file']],
  [{ kind: 'other', executable: true }, ['3:3 script-not-file']],
  [{ kind: 'unreadable' }, ['3:3 script-unreadable']],
];

for (const [file, expected] of SCRIPT_CASES) {
  test(`when a script is ${JSON.stringify(file) ?? 'missing'}, it gives ${expected.join(', ') || 'nothing'}`, async () => {
    assert.deepEqual(
      await problems(lines(...PARAM, 'j:/t\\:1.sh a:::'), file ? { '/t:1.sh': file } : {}),
      expected,
    );
  });
}

const COMMAND_LINES: ReadonlyArray<readonly [what: string, line: string, place: string]> = [
  ['SHUTDOWN_COMMAND', 'SHUTDOWN_COMMAND /t.sh a', '3:18'],
  ['check_cmd', `${PENT}:check_cmd=/t.sh a`, '3:25'],
  ['retry_over_cmd', `${PENT}:retry_over_cmd=/t.sh`, '3:30'],
];

for (const [what, line, place] of COMMAND_LINES) {
  test(`when ${what} cannot be run, it is said as of a script`, async () => {
    const text = lines(...PARAM, line, 'k:/s.sh:::');
    for (const [file, found] of SCRIPT_CASES) {
      const expected = found.map((problem) => problem.replace('3:3', place));
      assert.deepEqual(await problems(text, file ? { '/t.sh': file } : {}), expected);
    }
    const reading = await read(text);
    assert.ok(!reading.ok);
    assert.match(reading.diagnostics[0]?.text ?? '', new RegExp(`^${what} "/t\\.sh" does not exist`));
  });
}

const OPTION_CASES: ReadonlyArray<
  readonly [option: string, named: Readonly<Record<string, FakeFile>>, problems: string[]]
> = [
  ['user=tomcat', {}, []],
  ['user=4294967294', {}, []],
  ['user=nobody-here', {}, ['3:20 unknown-user']],
  ['exe=/bin/java', { '/bin/java': { kind: 'file', text: '\x7fELF' } }, []],
  ['exe=/bin/java', {}, ['3:19 exe-missing']],
  ['exe=/bin/java', { '/bin/java': { kind: 'unreadable' } }, ['3:19 exe-missing']],
  ['exe=/bin/java', { '/bin/java': { kind: 'directory' } }, ['3:19 not-file']],
  ['exe=/bin/java', { '/bin/java': { kind: 'other' } }, ['3:19 not-file']],
  ['exe=/bin/java', { '/bin/java': { kind: 'file', text: '#!/bin/sh\n' } }, ['3:19 exe-is-script']],
  ['pidfile=/run/j.pid', {}, []],
  ['pidfile=/run/j.pid', { '/run/j.pid': { kind: 'file' } }, []],
  ['pidfile=/run', { '/run': { kind: 'directory' } }, ['3:23 not-file']],
];

for (const [option, named, expected] of OPTION_CASES) {
  test(`when an option is ${option} on a disk with ${JSON.stringify(named)}, it gives ${expected.join(', ') || 'nothing'}`, async () => {
    assert.deepEqual(await problems(lines(...PARAM, `${PENT}:${option}`), named), expected);
  });
}

test('when user and exe are given, the entry has the uid and the file that the links lead to', async () => {
  const named = {
    '/bin/java': { kind: 'file', target: '/jvm/java' },
    '/jvm/java': { kind: 'file' },
  } as const;
  const reading = await read(
    lines(...PARAM, `${PENT}:user=tomcat:exe=/bin/java`, `${PENT}:user=5:exe=/no/java`),
    named,
  );
  assert.ok(reading.ok);
  assert.deepEqual(
    reading.pfile.pents.map(({ uid, exe }) => [uid, exe]),
    [
      [91, '/jvm/java'],
      [5, '/no/java'],
    ],
  );
});

test('when many entries have one user, one script and one exe, each is asked for once', async () => {
  const entry = `${PENT.slice(5)}:user=tomcat:exe=/bin/java`;
  const text = lines(...PARAM, `a:${entry}`, `b:${entry}`, `c:${entry}`);
  const files = fakeFiles({ '/etc/p': { kind: 'file', text } });
  await readPfile('/etc/p', files);
  assert.deepEqual(
    files.asked.filter((question, index) => files.asked.indexOf(question) !== index),
    [],
  );
});

const DUMP_CASES: ReadonlyArray<readonly [path: string, problems: string[]]> = [
  ['/d/file', []],
  // What lies there is looked at where its folder is: others may lay what would keep pcheck from starting.
  ['/d', []],
  ['/dev/null', []],
  ['/d/missing/', ['2:15 dump-not-file']],
  ['/etc/p', ['2:15 dump-in-use']],
  ['/etc//x/../p', ['2:15 dump-in-use']],
  ['/s.sh', ['2:15 dump-in-use']],
  ['/c.sh', ['2:15 dump-in-use']],
];

for (const [path, expected] of DUMP_CASES) {
  test(`when SHM_DUMP_FILE is ${path}, it gives ${expected.join(', ') || 'nothing'}`, async () => {
    const named = {
      '/d': { kind: 'directory' },
      '/d/file': { kind: 'file' },
      '/c.sh': { kind: 'file', executable: true },
      '/dev/null': { kind: 'other' },
    } as const;
    assert.deepEqual(
      await problems(lines('IPCKEY 0x1', `SHM_DUMP_FILE ${path}`, `${PENT}:check_cmd=/c.sh`), named),
      expected,
    );
  });
}

test('when the text and the disk both have mistakes, all are told in the order of the file', async () => {
  const text = lines('SHM_DUMP_FILE /', 'j:/no.sh:x::', 'IPCKEY 1', 'k:no.sh:::');
  assert.deepEqual(await problems(text, { '/': { kind: 'directory' } }), [
    '1:15 dump-not-file',
    '2:3 script-missing',
    '2:10 bad-number',
    '3:8 bad-number',
    '4:3 relative-path',
  ]);
});
