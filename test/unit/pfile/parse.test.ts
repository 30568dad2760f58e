import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePfile } from '../../../src/pfile/parse.ts';
import { lines, PARAM, PENT, problems, texts } from './fakes.ts';

test('when a pfile is the one of the guide, every value is read and the defaults are filled in', () => {
  const text = lines(
    '##### PARAM #####',
    'IPCKEY              0x1f000101',
    'MSG_CHECK_INTERVAL  5',
    'MONITOR_INTERVAL    20',
    'SHM_DUMP_FILE       /var/opt/HA/PS/log/pfile_tomcat.dump',
    '',
    '##### PENT #####',
    '/usr/bin/java:/opt/bin/tomcat_start.sh -v x:86400:3:exit:include_strings=apache&tomcat',
  );
  const { parameters, pents, diagnostics } = parsePfile(text);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(parameters.values, {
    ipckey: 0x1f000101,
    msgCheckIntervalSeconds: 5,
    monitorIntervalSeconds: 20,
    shmDumpFile: '/var/opt/HA/PS/log/pfile_tomcat.dump',
    shutdownCommand: undefined,
    loopAlarmSeconds: 0,
  });
  assert.deepEqual(
    pents.map(({ pent }) => pent),
    [
      {
        id: 1,
        line: 8,
        name: '/usr/bin/java',
        script: { path: '/opt/bin/tomcat_start.sh', arguments: ['-v', 'x'] },
        graceSeconds: 86400,
        retry: 3,
        action: 'exit',
        includeStrings: ['apache', 'tomcat'],
        excludeStrings: [],
        uid: undefined,
        exe: undefined,
        pidfile: undefined,
        containers: 'exclude',
        minProcCount: 1,
        maxProcCount: undefined,
        restartTimeoutSeconds: 300,
        restartIntervalSeconds: 20,
        startWaitSeconds: 20,
        restartDelaySeconds: 0,
        check: undefined,
        retryOverCommand: undefined,
      },
    ],
  );
});

test('when lines end with CRLF, a BOM leads and blanks are everywhere, the same is read', () => {
  const text =
    '\uFEFF\tIPCKEY \t 0xFFFFFFFF  \r\nSHM_DUMP_FILE /d\r\n \t\r\n  # x\r\n a b : /s.sh x : 0 : 0 : CONTINUE \r\n';
  const { parameters, pents, diagnostics } = parsePfile(text);
  assert.deepEqual(diagnostics, []);
  assert.equal(parameters.values.ipckey, 0xffffffff);
  const pent = pents[0]?.pent;
  assert.deepEqual([pent?.name, pent?.script.arguments, pent?.action], ['a b', ['x'], 'continue']);
  assert.deepEqual([pent?.graceSeconds, pent?.retry, pent?.line], [0, 0, 5]);
});

test('when a dump path holds colons, it is still a PARAM line', () => {
  const { parameters, diagnostics } = parsePfile(lines('IPCKEY 0x1', 'SHM_DUMP_FILE /d/a:b:c:d:e f', PENT));
  assert.deepEqual(diagnostics, []);
  assert.equal(parameters.values.shmDumpFile, '/d/a:b:c:d:e f');
});

test('when PARAM stands below PENT, its MONITOR_INTERVAL is the default of the entries all the same', () => {
  const { pents } = parsePfile(lines(PENT, ...PARAM, 'MONITOR_INTERVAL 15'));
  assert.equal(pents[0]?.pent.restartIntervalSeconds, 15);
});

test('when five mistakes are in one pfile, five diagnostics tell their places', () => {
  const text = lines(
    'IPCKEY 123',
    'MONITOR_INTERVA 5',
    'SHM_DUMP_FILE  log/x.dump',
    '',
    'java:/s.sh:x:3:exit:include_string=a',
    'httpd:/s.sh:0:3:exit',
  );
  assert.deepEqual(problems(text), [
    '1:8 bad-number',
    '2:1 unknown-keyword',
    '3:16 relative-path',
    '5:12 bad-number',
    '5:21 unknown-option',
  ]);
  assert.match(texts(text), /unknown keyword "MONITOR_INTERVA", did you mean MONITOR_INTERVAL\?/);
  assert.match(texts(text), /unknown option "include_string", did you mean include_strings\?/);
  assert.match(texts(text), /write it with "0x" in front/);
});

test('when the file is empty, all that is missing is said at its beginning', () => {
  assert.deepEqual(problems(''), ['1:1 missing-keyword', '1:1 missing-keyword', '1:1 no-pent']);
  assert.match(texts(''), /IPCKEY is missing .* "IPCKEY 0x1f000101"/);
});

test('when a keyword is mistyped, it is not reported as missing too', () => {
  assert.deepEqual(problems(lines('IPCKY 0x1', 'SHM_DUMPFILE /d', PENT)), [
    '1:1 unknown-keyword',
    '2:1 unknown-keyword',
  ]);
});

test('when characters are not text, their place is told, once a line', () => {
  const text = lines(
    ...PARAM,
    'a\uFFFD\uFFFDb:/s.sh:::',
    '# \uFFFD',
    'I\0P\0',
    'c\rd:/s.sh:::',
    'e\u001b[1m:/s.sh:::',
  );
  assert.deepEqual(problems(text), [
    '3:2 invalid-utf8',
    '4:3 invalid-utf8?',
    '5:2 nul-byte',
    '6:2 control-character',
    '7:2 control-character',
  ]);
});

test('when columns follow characters outside the BMP, each counts as one', () => {
  assert.deepEqual(problems(lines(...PARAM, '𠮷𠮷:/s.sh:x::')), ['3:10 bad-number']);
});
